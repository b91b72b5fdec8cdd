// A SCIM server of the library scimmy and its routers. The library leaves storage to the program around it, so the
// two maps below and the rules marked "ours" are wiring; everything said over HTTP is the library's own.

import { randomUUID } from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const users = new Map();
const groups = new Map();

/** Keeps what the library hands over; `unique` names the attribute that two objects may not share. */
function store(map, unique) {
    const notFound = (id) => new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
    const key = (value) => String(value ?? "").toLowerCase();
    return {
        ingress: (resource, data) => {
            const known = map.get(resource.id);
            if (resource.id && !known) throw notFound(resource.id);
            const id = resource.id ?? randomUUID();
            for (const other of map.values()) {
                // Ours: names are unique without regard to case, and the conflict is answered as the standard says.
                if (other.id !== id && key(other[unique]) === key(data[unique]))
                    throw new SCIMMY.Types.Error(409, "uniqueness", `${unique} is already in use`);
            }
            const now = new Date().toISOString();
            const kept = JSON.parse(JSON.stringify(data));
            kept.id = id;
            kept.meta = { created: known?.meta.created ?? now, lastModified: now };
            map.set(id, kept);
            return kept;
        },
        egress: (resource) => {
            if (resource.id) {
                if (!map.has(resource.id)) throw notFound(resource.id);
                return map.get(resource.id);
            }
            const all = [...map.values()];
            return resource.filter ? resource.filter.match(all) : all;
        },
        degress: (resource) => {
            if (!map.delete(resource.id)) throw notFound(resource.id);
            // Ours: a deleted user leaves every group.
            for (const group of groups.values())
                group.members = group.members?.filter((member) => member.value !== resource.id);
        },
    };
}

SCIMMY.Resources.declare(SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false), store(users, "userName"));
SCIMMY.Resources.declare(SCIMMY.Resources.Group, store(groups, "displayName"));

const app = express();
app.use("/scim/v2", new SCIMMYRouters({
    type: "bearer",
    handler: (request) => {
        if (request.header("Authorization") !== `Bearer ${process.env.SERVER_TOKEN}`) throw new Error("not authorized");
        return "tests";
    },
}));

const server = app.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));

// Ours: the server ends when its standard input does, so that a killed test leaves nothing behind.
process.stdin.on("end", () => process.exit(0)).resume();
