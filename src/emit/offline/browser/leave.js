// Takes the place of a worker that kept pages of this handbook, gives back what it kept, and goes.

const ROOT = new URL("./", location.href);

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  for (const name of await caches.keys()) {
    if (name.startsWith(`opsbook ${ROOT.pathname} `)) await caches.delete(name);
  }
  await self.registration.unregister();
}
