import { nkeys } from "@nats-io/transport-node";
import { writeFileSync } from "node:fs";

type KeyPair = ReturnType<typeof nkeys.createUser>;

/**
 * Writes a configuration for a nats-server that knows its users by credentials
 * files. Returns what writes such a file: of an account that it knows, or not.
 */
export function operatorMode(
  configuration: string,
): (file: string, account: "known" | "unknown") => void {
  const operator = nkeys.createOperator();
  const known = nkeys.createAccount();
  const unknown = nkeys.createAccount();
  const name = known.getPublicKey();
  const unlimited = {
    ...{ subs: -1, data: -1, payload: -1 },
    ...{ imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 },
  };
  const account = claim(operator, name, { type: "account", limits: unlimited });
  const itself = operator.getPublicKey();
  writeFileSync(
    configuration,
    [
      `operator: ${claim(operator, itself, { type: "operator" })}`,
      "resolver: MEMORY",
      `resolver_preload: { ${name}: ${account} }`,
    ].join("\n"),
  );
  return (file, which) => {
    const user = nkeys.createUser();
    const jwt = claim(
      which === "known" ? known : unknown,
      user.getPublicKey(),
      {
        ...{ type: "user", subs: -1, data: -1, payload: -1 },
      },
    );
    const seed = Buffer.from(user.getSeed()).toString();
    writeFileSync(
      file,
      block("NATS USER JWT", jwt) + block("USER NKEY SEED", seed),
    );
  };
}

function block(name: string, text: string): string {
  return `-----BEGIN ${name}-----\n${text}\n------END ${name}------\n`;
}

/** Signed as NATS' own tools do it. */
function claim(by: KeyPair, about: string, nats: object): string {
  const part = (value: object): string =>
    Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = part({ typ: "JWT", alg: "ed25519-nkey" });
  const body = part({
    ...{ jti: about, iat: 1_700_000_000, iss: by.getPublicKey() },
    ...{ name: "test", sub: about, nats: { ...nats, version: 2 } },
  });
  const signed = `${head}.${body}`;
  const signature = Buffer.from(by.sign(Buffer.from(signed)));
  return `${signed}.${signature.toString("base64url")}`;
}
