import { storeContract } from "../store.contract.ts";
import { sqlitePlace } from "../../testing/sqlite-place.ts";

storeContract("SQLite", sqlitePlace);
