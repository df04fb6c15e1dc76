// A script that could be written in an hour: the whole file in memory, one process, no isolation. It prints how many users'
// pictures differ between two lists of Actions. Arguments: the users' file, and two JSON files with lists of code.
"use strict";

const { readFileSync } = require("node:fs");
const { compileFunction } = require("node:vm");

function readUsers(file) {
  const bytes = readFileSync(file);
  const users = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf("\n", start);
    users.push(JSON.parse(bytes.toString("utf8", start, end)));
    start = end + 1;
  }
  return users;
}

function compile(code) {
  const exports = {};
  compileFunction(code, ["exports", "require", "module"])(exports);
  return exports.onExecutePostLogin;
}

function eventOf(user) {
  const [identity] = user.identities;
  return {
    user,
    connection: { name: identity.connection, strategy: identity.provider },
    client: { client_id: "client", name: "An application", metadata: {} },
    transaction: { protocol: "oidc-basic-profile", requested_scopes: ["openid", "profile", "email"] },
  };
}

async function pictureOf(handlers, user) {
  let picture = user.picture;
  const api = {
    idToken: {
      setCustomClaim: (name, value) => {
        if (name === "picture") picture = value;
      },
    },
    samlResponse: { setAttribute: () => undefined },
  };
  for (const handler of handlers) await handler(eventOf(user), api);
  return picture;
}

async function main([usersFile, oldFile, newFile]) {
  const users = readUsers(usersFile);
  const [before, after] = [oldFile, newFile].map((file) =>
    JSON.parse(readFileSync(file, "utf8")).map(compile),
  );
  let changed = 0;
  for (const user of users) {
    if ((await pictureOf(before, user)) !== (await pictureOf(after, user))) changed += 1;
  }
  process.stdout.write(JSON.stringify({ users: users.length, changed }));
}

void main(process.argv.slice(2));
