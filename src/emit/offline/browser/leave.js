// Replaces a worker that kept pages of this handbook: deletes its caches and unregisters itself.

const ROOT = new URL("./", location.href);

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  for (const name of await caches.keys()) {
    if (name.startsWith(`opsbook ${ROOT.pathname} `)) await caches.delete(name);
  }
  await self.registration.unregister();
}
