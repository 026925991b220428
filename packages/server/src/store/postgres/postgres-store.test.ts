import { postgresPlace } from "../../testing/postgres-place.ts";
import { twoStoresContract } from "../contract/two-stores.contract.ts";
import { storeContract } from "../store.contract.ts";

storeContract("PostgreSQL", postgresPlace);
twoStoresContract("PostgreSQL", postgresPlace);
