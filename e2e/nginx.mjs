// A real nginx in front of some desks, as docs/guide/install.md tells it, in a
// directory that is gone afterwards.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, pause } from "./desk.mjs";

const READY_WITHIN = 10_000;

/** The program, or nothing where it is missing. */
export const nginxProgram = () => ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"].find(existsSync);

/** Starts one before the desks at `urls`. Returns { url, stop }. */
export async function startNginx(urls) {
  const directory = await mkdtemp(join(tmpdir(), "balcao-nginx-"));
  const port = await freePort();
  const servers = urls.map((url) => `server ${new URL(url).host} max_fails=0;`).join(" ");
  const to = "proxy_pass http://desks; proxy_http_version 1.1; proxy_set_header Connection \"\"; proxy_set_header Host $http_host;";
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${directory}/${name};`);
  await writeFile(
    join(directory, "nginx.conf"),
    `daemon off; worker_processes 1; pid ${directory}/pid; error_log ${directory}/error.log;
events { worker_connections 512; }
http { access_log off; ${paths.join(" ")}
  upstream desks { ${servers} }
  server { listen 127.0.0.1:${port}; client_max_body_size 50m;
    location / { ${to} proxy_next_upstream error timeout; }
    location = /live { ${to} proxy_buffering off; proxy_read_timeout 1h; }
    location = /live/ws { ${to.replace('Connection ""', 'Connection "upgrade"; proxy_set_header Upgrade $http_upgrade')} proxy_read_timeout 1h; }
  } }`,
  );
  const child = spawn(nginxProgram(), ["-p", directory, "-c", join(directory, "nginx.conf")], { stdio: "ignore" });
  const ended = new Promise((done) => child.once("exit", done));
  const kill = () => child.kill("SIGTERM");
  process.once("exit", kill);

  async function stop() {
    process.off("exit", kill);
    kill();
    await ended;
    await rm(directory, { recursive: true, force: true });
  }

  const url = `http://127.0.0.1:${port}`;
  const limit = Date.now() + READY_WITHIN;
  while (!(await fetch(`${url}/health`).catch(() => null))?.ok) {
    if (Date.now() > limit) {
      await stop();
      throw new Error("nginx did not become ready");
    }
    await pause(50);
  }
  return { url, stop };
}
