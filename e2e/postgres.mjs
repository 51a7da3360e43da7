// A PostgreSQL of a test's own, from the programs on this machine, in a directory
// that is gone afterwards; never the user's. tests/desk/support/servers.rs does the same.
import { execFile, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { freePort, pause } from "./desk.mjs";

const DEBIAN = "/usr/lib/postgresql";
const NEEDED = ["initdb", "pg_ctl", "pg_isready", "postgres"];
const READY_WITHIN = 30_000;

const execute = promisify(execFile);
const isRoot = () => process.getuid?.() === 0;

/** The directory with PostgreSQL's programs, the newest first; nothing where it is missing. */
export function postgresPrograms() {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const places = [...versions.map((version) => join(DEBIAN, version, "bin")), ...process.env.PATH.split(delimiter)];
  return places.find((place) => NEEDED.every((name) => existsSync(join(place, name))));
}

/** PostgreSQL refuses to run as root. */
function asNobody(program, args) {
  if (!isRoot()) return [program, args];
  return ["setpriv", ["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--", program, ...args]];
}

/** Ends `child` when this process goes, however it goes. */
function guard(child) {
  const watch = "while kill -0 $0 && kill -0 $1; do sleep 1; done; kill -0 $0 || kill -9 $1";
  const ids = [process.pid, child.pid].map(String);
  spawn("sh", ["-c", watch, ...ids], { detached: true, stdio: "ignore" }).unref();
}

/** Starts one on a free port. Returns { url, start, stop, remove }. */
export async function startPostgres() {
  const programs = postgresPrograms();
  const directory = await mkdtemp(join(tmpdir(), "balcao-pg-"));
  const data = join(directory, "data");
  const port = await freePort();
  const run = (name, ...args) => execute(...asNobody(join(programs, name), args), { cwd: tmpdir() });
  let server = null;

  async function start() {
    const args = ["-D", data, "-p", String(port), "-k", directory, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"];
    const child = spawn(...asNobody(join(programs, "postgres"), args), { cwd: tmpdir(), stdio: "ignore" });
    let gone = false;
    const ended = new Promise((done) => {
      for (const event of ["error", "exit"]) child.once(event, () => done((gone = true)));
    });
    server = { child, ended };
    if (child.pid) guard(child);
    const limit = Date.now() + READY_WITHIN;
    const isReady = () => run("pg_isready", "-q", "-h", "127.0.0.1", "-p", String(port)).then(() => true, () => false);
    while (!(await isReady())) {
      if (gone || Date.now() > limit) throw new Error(`PostgreSQL did not become ready in ${directory}`);
      await pause(50);
    }
  }

  /** Stops it under its open connections. */
  async function stop() {
    await run("pg_ctl", "stop", "-D", data, "-m", "fast", "-w");
    await server.ended;
    server = null;
  }

  async function remove() {
    if (server) await stop().catch(() => server.child.kill("SIGQUIT") && server.ended);
    await rm(directory, { recursive: true, force: true });
  }

  try {
    if (isRoot()) await execute("chown", ["nobody:nogroup", directory]);
    await run("initdb", "-D", data, "-U", "desk", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return { url: `postgres://desk@127.0.0.1:${port}/postgres`, start, stop, remove };
}
