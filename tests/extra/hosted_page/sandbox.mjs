// Starts the sandbox and speaks to its API.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const SESSIONS = "/v1/identity/verification_sessions";

export async function startSandbox(binary) {
  const child = spawn(binary, ["sandbox", "--listen", "127.0.0.1:0", "--database", "memory:", "--people", "0"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ready = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", (line) => resolve(JSON.parse(line)));
    child.once("exit", (code) => reject(new Error(`the sandbox ended with ${code}`)));
  });
  const ask = async (method, path, body, headers) => {
    const reply = await fetch(ready.api_base + path, { method, body, headers });
    const answer = await reply.json();
    if (!reply.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const key = { authorization: `Bearer ${ready.secret_key}` };
  return {
    base: ready.api_base,
    create: (fields) => ask("POST", SESSIONS, new URLSearchParams(fields), key),
    get: (id) => ask("GET", `${SESSIONS}/${id}`, undefined, key),
    act: (id, verb) => ask("POST", `${SESSIONS}/${id}/${verb}`, undefined, key),
    advance: (seconds) => ask("POST", "/_vetty/clock/advance", JSON.stringify({ seconds })),
    stop: () => child.kill("SIGTERM"),
  };
}
