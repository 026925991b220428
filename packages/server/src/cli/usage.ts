/** How each command is called, one form a line. */
const forms = `parley [serve] [options]
parley doctor [URL] [--idle SECONDS] [--json]
parley backup TO.db [--data FOLDER]
parley restore FROM.db [--replace] [--data FOLDER]
parley new-epoch [--data FOLDER]
parley migrate-to ADDRESS [--data FOLDER]
parley user list [WORD]
parley user add USERNAME --email ADDRESS [--name NAME] [--role ROLE]
parley user role WHO ROLE
parley user reset-link | suspend | restore | sign-out WHO
parley invite [--role ROLE] [--room ROOM]... [--bound] [--uses NUMBER]
              [--hours NUMBER] [--note TEXT]
parley room list [WORD]
parley room archive | restore ROOM
parley room default ROOM [--off]
parley setup-link`.split(/\n(?=parley)/);

const indent = " ".repeat("Usage: ".length);

function shown(some: readonly string[]): string {
  const lines = some.join("\n").split("\n");
  return `Usage: ${lines.join(`\n${indent}`)}\n`;
}

/** What `parley --help` prints. */
export const usage = `Parley, a real-time chat.

${shown(forms)}
Commands:
  serve            Run the server (the default)
  doctor           Check an instance from outside, through its proxy, and what
                   this machine can tell of it; says what to do
  backup           Copy the database into one file while the server runs
  restore          Put a backup in the place of an empty data folder
  new-epoch        After a restore by other means: clients start fresh
  migrate-to       Copy the data folder to PostgreSQL; ADDRESS is
                   postgres://user:password@host:5432/database
  user             List and add people, change their role, make a link to
                   choose a password, suspend, restore and sign them out;
                   WHO is a user name or an id
  invite           Make an invitation link
  room             List rooms, archive and restore them, put newcomers into one
  setup-link       Make another link to become the owner, while there is none

  These work while the server runs and while it does not.

Options:
  --port NUMBER    The TCP port to listen on (PORT, default 8000)
  --data FOLDER    The folder with everything (PARLEY_DATA, default ./data)
  --idle SECONDS   Of doctor: also hold a connection open so long (30 to 3600)
  --json           Of doctor, user, invite, room, setup-link: print JSON
  --replace        Of restore: keep the old database beside the new one
  --role ROLE      owner, administrator, moderator or member; of invite also
                   guest, which it is if nothing is said
  --room ROOM      Where an invitation leads to: a name or an id; repeatable
  --bound          Whoever comes sees these rooms and nothing else
  --uses NUMBER    How often an invitation works (any number)
  --hours NUMBER   How long it works (until it is taken back)
  -h, --help       Show this text
  -v, --version    Show the version

All settings are environment variables: see docs/configuration.md, and
docs/operations.md on backups and the doctor.
`;

/**
 * How the command that these words begin with is called, for who called it
 * otherwise; of no command, where all of them are told.
 */
export function usageOf([command]: readonly string[]): string {
  const called = `parley ${command ?? ""}`;
  const own = forms.filter((form) => `${form} `.startsWith(`${called} `));
  const more = "parley --help tells all commands and options.\n";
  return own.length === 0 ? more : `${shown(own)}\n${more}`;
}
