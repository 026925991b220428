import {
  inject,
  provide,
  readonly,
  shallowRef,
  type InjectionKey,
  type Ref,
} from "vue";
import type { Person } from "@parley/protocol";

/** What lies over the chat; one at a time. */
export type Dialog =
  | { name: "create" | "direct" | "directory" | "switcher" | "shortcuts" }
  | { name: "settings"; section?: SettingsSection }
  | { name: "room" | "invite" | "link" | "leave"; stream: string }
  | { name: "remove"; stream: string; person: Person }
  | { name: "delete"; stream: string; seq: number };

export type SettingsSection =
  "profile" | "password" | "sessions" | "preferences" | "blocked";

interface Dialogs {
  dialog: Readonly<Ref<Dialog | undefined>>;
  openDialog: (dialog: Dialog) => void;
  closeDialog: () => void;
}

const dialogsKey: InjectionKey<Dialogs> = Symbol("dialogs");

/** The dialogs of a screen, for all that is in it. */
export function provideDialogs(): Dialogs {
  const dialog = shallowRef<Dialog>();
  const dialogs: Dialogs = {
    dialog: readonly(dialog),
    openDialog: (opened) => {
      dialog.value = opened;
    },
    closeDialog: () => {
      dialog.value = undefined;
    },
  };
  provide(dialogsKey, dialogs);
  return dialogs;
}

/** The dialogs of the screen that the calling component is part of. */
export function useDialogs(): Dialogs {
  const dialogs = inject(dialogsKey);
  if (dialogs === undefined) throw new Error("There is no screen around this.");
  return dialogs;
}
