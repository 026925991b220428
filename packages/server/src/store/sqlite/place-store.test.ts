import { sqlitePlace } from "../../testing/sqlite-place.ts";
import { placeStoreContract } from "../place-store.contract.ts";

placeStoreContract("SQLite", sqlitePlace);
