import { readConfig, type Config } from "../config.ts";
import { examine } from "../doctor/examine.ts";
import type { Finding } from "../doctor/finding.ts";
import type { Asked } from "./arguments.ts";
import { sayError } from "./say-error.ts";

type AskedDoctor = Extract<Asked, { command: "doctor" }>;

const signs = { fine: "✔", warning: "!", wrong: "✖" } as const;

/** Looks at an instance and says what to do. Sets the process's exit code. */
export async function doctor(asked: AskedDoctor): Promise<void> {
  // Whoever reads may have enough, as `head` does.
  process.stdout.on("error", () => process.exit());
  try {
    const config = readConfig(process.env, asked.overrides);
    const origin = new URL(asked.url ?? ownAddress(config));
    const say = (text: string): void => {
      if (!asked.asJson) process.stdout.write(`${text}\n`);
    };
    say(`Looking at ${origin.origin}`);
    const findings = await examine({
      ...{ origin, config, idleSeconds: asked.idleSeconds },
      onFinding: (finding) => {
        say(lines(finding));
      },
    });
    const isFine = findings.every(({ status }) => status !== "wrong");
    if (asked.asJson) {
      const report = { url: origin.origin, isFine, findings };
      process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    } else say(summary(findings));
    process.exitCode = isFine ? 0 : 1;
  } catch (error) {
    sayError(error);
  }
}

/** What the present configuration says people type, else this machine. */
function ownAddress({ url, host, port }: Config): string {
  if (url !== "") return url;
  const isEverywhere = host === "0.0.0.0" || host === "::";
  const name = isEverywhere ? "localhost" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

function lines({ status, about, found, remedy }: Finding): string {
  const line = `${signs[status]} ${about}: ${found}`;
  return remedy === undefined ? line : `${line}\n    → ${remedy}`;
}

function summary(findings: readonly Finding[]): string {
  const count = (wanted: Finding["status"]) =>
    findings.filter(({ status }) => status === wanted).length;
  const [wrong, warnings] = [count("wrong"), count("warning")];
  if (wrong + warnings === 0) return "All is well.";
  return `${wrong} wrong, ${warnings} to be thought about, ${count("fine")} fine.`;
}
