import { connect, type ServerInfo } from "@nats-io/transport-node";
import { knock } from "../bus/knock.ts";
import { natsAddresses, type NatsAddress } from "../bus/nats-addresses.ts";
import { natsTrouble } from "../bus/nats-trouble.ts";
import { ConfigError, type Config } from "../config.ts";
import { fine, quoted, warning, wrong, type Finding } from "./finding.ts";

const about = "NATS";
const msMax = 5_000;

/** Each server of NATS that is named: the nodes need one of them. */
export async function checkNats(config: Config): Promise<Finding[]> {
  let addresses: NatsAddress[];
  try {
    addresses = natsAddresses({
      urls: config.natsUrl,
      credentials: config.natsCredentials,
      ca: config.natsCa,
      certificate: config.natsCertificate,
      key: config.natsKey,
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [wrong(about, error.message, "Correct that setting.")];
  }
  const findings = await Promise.all(addresses.map(checkOne));
  const isOneThere = findings.some(({ status }) => status === "fine");
  return findings.map((finding) =>
    isOneThere && finding.status === "wrong"
      ? warning(finding.about, finding.found, finding.remedy ?? "")
      : finding,
  );
}

async function checkOne(address: NatsAddress): Promise<Finding> {
  let info: ServerInfo | undefined;
  try {
    info = await knock(address, { msMax, signal: AbortSignal.timeout(msMax) });
    const connection = await connect({
      ...address.options,
      name: "parley doctor",
      reconnect: false,
      timeout: msMax,
      ignoreClusterUpdates: true,
      noAsyncTraces: true,
    });
    await connection.close();
    return fine(
      about,
      `${address.name} lets this node in (NATS ${quoted(info.version)}).`,
    );
  } catch (error) {
    const { message } = natsTrouble(address, error, info);
    return wrong(
      about,
      `${quoted(message)}.`,
      "Without it the nodes find each other's messages in the database, up to two seconds later. Start it, or correct PARLEY_NATS_URL.",
    );
  }
}
