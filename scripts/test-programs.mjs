import { existsSync } from "node:fs";
import path from "node:path";
import { isWindows, output, run } from "./processes.mjs";

/**
 * Finds, or on Debian and Ubuntu installs, the programs that the tests need
 * and npm does not carry. Says in one line what it could not get. `faults` are
 * those without which some kinds of faults cannot be had.
 */
export function prepareTestPrograms({ faults = false } = {}) {
  const find = () => ({
    chromium: findProgram(process.env.CHROMIUM, [
      "chromium",
      "chromium-browser",
      "google-chrome-stable",
      "google-chrome",
    ]),
    compiler: findProgram(process.env.CC, ["cc", "gcc", "clang"]),
    nats: findProgram(process.env.NATS_SERVER, ["nats-server"]),
    nginx: findProgram(process.env.NGINX, ["nginx", "/usr/sbin/nginx"]),
  });

  let programs = find();
  const debianPackages = [];
  if (!programs.chromium && !process.env.CHROMIUM) {
    // With fonts, so that Chinese and emoji are drawn and not boxes.
    debianPackages.push("chromium", "fonts-noto-cjk", "fonts-noto-color-emoji");
  }
  if (!programs.compiler && !process.env.CC) {
    debianPackages.push("gcc", "libc6-dev");
  }
  if (!programs.nats && !process.env.NATS_SERVER) {
    debianPackages.push("nats-server");
  }
  if (!programs.nginx && !process.env.NGINX) debianPackages.push("nginx-light");
  if (faults && !findProgram(undefined, ["strace"])) {
    debianPackages.push("strace");
  }
  if (faults && !findProgram(undefined, ["faketime"])) {
    debianPackages.push("faketime");
  }
  if (debianPackages.length > 0 && aptInstall(debianPackages)) {
    programs = find();
  }
  report("chromium", programs.chromium, "CHROMIUM");
  report("a C compiler", programs.compiler, "CC");
  report("nats-server", programs.nats, "NATS_SERVER");
  report("nginx", programs.nginx, "NGINX");
  return programs;
}

function report(name, file, variable) {
  console.log(
    file
      ? `  ✔ ${name}: ${file}`
      : `  ✖ ${name} is missing, so the tests that need it will fail: install it, or set ${variable} to the program`,
  );
}

function findProgram(chosen, names) {
  for (const name of chosen ? [chosen] : names) {
    if (path.isAbsolute(name)) {
      if (existsSync(name)) return name;
      continue;
    }
    const found = isWindows
      ? output("where", [name])
      : output("sh", ["-c", 'command -v "$1"', "sh", name]);
    if (found) return found.split(/\r?\n/)[0];
  }
  return undefined;
}

/** Without root or a password-less sudo this does nothing and says so. */
function aptInstall(packages) {
  const isRoot = process.getuid?.() === 0;
  if (output("apt-get", ["--version"]) === undefined) return false;
  if (!isRoot && output("sudo", ["-n", "true"]) === undefined) return false;

  console.log(`• apt-get install ${packages.join(" ")}`);
  const options = {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  };
  const apt = (args) =>
    isRoot
      ? run("apt-get", args, options)
      : run("sudo", ["-n", "apt-get", ...args], options);
  apt(["update", "-qq"]);
  return apt(["install", "-y", "-qq", "--no-install-recommends", ...packages]);
}
