// A server that sleeps and a wifi that is gone close no connection: the page would show old figures as fresh. So it
// watches its own pulse, which says with every round when it was drawn.
(() => {
  if (window.thekeLife) return;
  const life = (window.thekeLife = { said: "", heard: Date.now() });
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const look = () => {
    const root = document.documentElement;
    const said = document.querySelector(".puls")?.dataset.said ?? "";
    if (said !== life.said) Object.assign(life, { said, heard: Date.now() });
    // While a page is being made, as for a test of the mailbox, the pulse has to wait.
    const busy = document.querySelector(".stApp")?.dataset.testScriptState === "running";
    if (Date.now() - life.heard > (busy ? 180_000 : 40_000)) {
      const since = new Date(life.heard).toLocaleTimeString(root.lang, clock);
      root.dataset.silent = root.dataset.silentWords.replace("{time}", since);
    } else delete root.dataset.silent;
  };
  setInterval(look, 2000);
  document.addEventListener("visibilitychange", look);
})();
