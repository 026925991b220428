import { postgresPlace } from "../../testing/postgres-place.ts";
import { placeStoreContract } from "../place-store.contract.ts";

placeStoreContract("PostgreSQL", postgresPlace);
