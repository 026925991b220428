import type { OutboundEntry } from "../chat/use-administration.ts";
import { t } from "../i18n/i18n.ts";

const known = ["gravatar", "postgres", "nats"] as const;

/** What something asks of other machines; what a newer server has, in its words. */
export function outboundInWords({ what, why }: OutboundEntry): {
  title: string;
  why: string;
} {
  const name = known.find((one) => one === what);
  if (name === undefined) return { title: what, why };
  return { title: t(`outbound_${name}`), why: t(`outboundWhy_${name}`) };
}
