// Lists, pivots and makes a download with the types that openapi-typescript makes, and prints what came.

import type { paths } from "./openapi";

declare const process: { argv: string[] };

type Query<Operation> = Operation extends { parameters: { query?: infer Values } } ? NonNullable<Values> : never;
type Body<Operation> = Operation extends { requestBody: { content: { "application/json": infer Sent } } } ? Sent : never;
type Answer<Operation, Status extends number> = Operation extends {
  responses: { [status in Status]: { content: { "application/json": infer Answered } } };
}
  ? Answered
  : never;

const [url, customer, from, to] = process.argv.slice(2);

async function call(method: string, path: keyof paths, query: object, body?: object): Promise<Response> {
  const place = path.replace("{customerId}", customer);
  const answer = await fetch(`${url}${place}?${new URLSearchParams({ ...query })}`, {
    method,
    headers: { "x-api-key": "demo-key", ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${place}: ${answer.status}`);
  return answer;
}

async function get<Path extends keyof paths>(
  path: Path,
  query: Query<paths[Path]["get"]>,
): Promise<Answer<paths[Path]["get"], 200>> {
  return (await call("GET", path, query)).json();
}

async function post<Path extends keyof paths>(
  path: Path,
  body: Body<paths[Path]["post"]> & object,
): Promise<Answer<paths[Path]["post"], 201>> {
  return (await call("POST", path, {}, body)).json();
}

const transactions = "/api/v1/customer/{customerId}/transactions";
const pages = [await get(transactions, { from, to, limit: 100 })];
for (let cursor = pages[0].paging.next; cursor; cursor = pages[pages.length - 1].paging.next) {
  pages.push(await get(transactions, { from, to, limit: 100, cursor }));
}
const pivot = await get("/api/v1/customer/{customerId}/transactions/pivot", { unit: "month", from, to });
const link = await post("/api/v1/customer/{customerId}/downloads", { type: "csv", from, to });
const content = await (await fetch(link.url)).arrayBuffer();
const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));

console.log(
  JSON.stringify({
    pages: pages.map((page) => page.paging.count),
    values: pages.flatMap((page) => page.transactions.map((transaction) => transaction.value)),
    completeMonths: pivot.completeMonths,
    counted: pivot.groups.reduce((sum, group) => sum + group.count, 0),
    sha256: link.sha256,
    downloaded: Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""),
    rows: link.rows,
    lines: new TextDecoder().decode(content).split("\n").length - 1,
  }),
);
