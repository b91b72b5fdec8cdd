use serde_json::{Value, json};

use super::fault::Fault;
use super::kind::Kind;
use super::schemas::Schema;
use super::service::list_response;

/// The server's answers about itself (RFC 7644 section 4).
pub(super) struct Discovery<'a> {
    pub base: &'a str,
    /// The largest number of resources on a page.
    pub page: usize,
}

impl Discovery<'_> {
    /// `/ServiceProviderConfig`, `/ResourceTypes`, `/Schemas`.
    pub(super) fn collection(&self, endpoint: &str) -> Option<Value> {
        match endpoint {
            "ServiceProviderConfig" => Some(self.config()),
            "ResourceTypes" => Some(list(Kind::ALL.map(|kind| self.resource_type(kind)).to_vec())),
            "Schemas" => Some(list(schemas().map(|schema| self.schema(schema)).collect())),
            _ => None,
        }
    }

    /// `/ResourceTypes/User`, `/Schemas/URN`.
    pub(super) fn member(&self, endpoint: &str, id: &str) -> Result<Value, Fault> {
        let found = match endpoint {
            "ResourceTypes" => {
                Kind::ALL.into_iter().find(|kind| kind.name() == id).map(|kind| self.resource_type(kind))
            }
            "Schemas" => {
                schemas().find(|schema| schema.urn.eq_ignore_ascii_case(id)).map(|schema| self.schema(schema))
            }
            _ => None,
        };
        found.ok_or_else(|| Fault::not_found(&format!("{endpoint}/{id}")))
    }

    /// RFC 7643 section 5.
    fn config(&self) -> Value {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
            "patch": {"supported": true},
            "bulk": {"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
            "filter": {"supported": true, "maxResults": self.page},
            "changePassword": {"supported": true},
            "sort": {"supported": false},
            "etag": {"supported": true},
            "authenticationSchemes": [{
                "type": "oauthbearertoken",
                "name": "Bearer token",
                "description": "A token that is made when the sandbox starts",
                "primary": true,
            }],
            "meta": {
                "resourceType": "ServiceProviderConfig",
                "location": format!("{}/ServiceProviderConfig", self.base),
            },
        })
    }

    /// RFC 7643 section 6.
    fn resource_type(&self, kind: Kind) -> Value {
        let extension = |schema: &&Schema| json!({"schema": schema.urn, "required": false});
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": kind.name(),
            "name": kind.name(),
            "description": kind.schema().description,
            "endpoint": format!("/{}", kind.endpoint()),
            "schema": kind.schema().urn,
            "schemaExtensions": kind.extensions().iter().map(extension).collect::<Vec<_>>(),
            "meta": {
                "resourceType": "ResourceType",
                "location": format!("{}/ResourceTypes/{}", self.base, kind.name()),
            },
        })
    }

    /// RFC 7643 section 7.
    fn schema(&self, schema: &Schema) -> Value {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
            "id": schema.urn,
            "name": schema.name,
            "description": schema.description,
            "attributes": schema.attrs.iter().map(super::attr::Attr::describe).collect::<Vec<_>>(),
            "meta": {"resourceType": "Schema", "location": format!("{}/Schemas/{}", self.base, schema.urn)},
        })
    }
}

fn schemas() -> impl Iterator<Item = &'static Schema> {
    let of = |kind: Kind| std::iter::once(kind.schema()).chain(kind.extensions().iter().copied());
    Kind::ALL.into_iter().flat_map(of)
}

fn list(all: Vec<Value>) -> Value {
    list_response(all.len(), 1, all)
}
