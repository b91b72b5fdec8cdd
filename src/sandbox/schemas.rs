//! The attributes a sandbox knows, as tables: RFC 7643 section 3.1 (common), section 4.1 (User), section 4.2 (Group), section 4.3
//! (Enterprise User), with the characteristics of section 8.7.1 except where a comment says otherwise.

use super::attr::{Attr, Mutability, Returned};

/// A schema: its URN and its attributes.
#[derive(Debug)]
pub struct Schema {
    pub urn: &'static str,
    pub name: &'static str,
    pub description: &'static str,
    pub attrs: &'static [Attr],
}

impl Schema {
    /// The attribute of that name; names ignore case (RFC 7643 section 2.1).
    pub fn attr(&self, name: &str) -> Option<&'static Attr> {
        find(self.attrs, name)
    }
}

/// The common attribute of that name (RFC 7643 section 3.1): every resource has these outside its schemas.
pub(super) fn common(name: &str) -> Option<&'static Attr> {
    find(COMMON, name)
}

fn find(attrs: &'static [Attr], name: &str) -> Option<&'static Attr> {
    attrs.iter().find(|attr| attr.name.eq_ignore_ascii_case(name))
}

pub(super) static USER: Schema = Schema {
    urn: "urn:ietf:params:scim:schemas:core:2.0:User",
    name: "User",
    description: "User Account",
    attrs: USER_ATTRS,
};

pub(super) static GROUP: Schema = Schema {
    urn: "urn:ietf:params:scim:schemas:core:2.0:Group",
    name: "Group",
    description: "Group",
    attrs: GROUP_ATTRS,
};

pub(super) static ENTERPRISE: Schema = Schema {
    urn: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    name: "EnterpriseUser",
    description: "Enterprise User",
    attrs: ENTERPRISE_ATTRS,
};

const COMMON: &[Attr] = &[
    Attr::references("schemas", &["uri"], "The schemas of the resource.")
        .required()
        .returned(Returned::Always),
    Attr::string("id", "The resource's identifier, given by the server.")
        .case_exact()
        .read_only()
        .returned(Returned::Always)
        .unique(),
    Attr::string("externalId", "The resource's identifier in the client.").case_exact(),
    Attr::complex("meta", META, "What the server knows about the resource.").read_only(),
];

const META: &[Attr] = &[
    Attr::string("resourceType", "The name of the resource type.").case_exact().read_only(),
    Attr::date("created", "When the resource was added.").read_only(),
    Attr::date("lastModified", "When the resource was last changed.").read_only(),
    Attr::reference("location", &["uri"], "The resource's address.").read_only(),
    Attr::string("version", "The resource's version, as in the ETag header.").case_exact().read_only(),
];

const NAME: &[Attr] = &[
    Attr::string("formatted", "The full name, ready for display."),
    Attr::string("familyName", "The family name."),
    Attr::string("givenName", "The given name."),
    Attr::string("middleName", "The middle names."),
    Attr::string("honorificPrefix", "The titles before the name."),
    Attr::string("honorificSuffix", "The suffixes after the name."),
];

// The usual sub-attributes of multi-valued attributes, RFC 7643 section 2.4.
const VALUE: Attr = Attr::string("value", "The value itself.");
const DISPLAY: Attr = Attr::string("display", "The value as people read it.");
const TYPE: Attr = Attr::string("type", "What the value is used for.");
const PRIMARY: Attr = Attr::boolean("primary", "Whether this is the preferred value; true once at most.");

const PLURAL: &[Attr] = &[VALUE, DISPLAY, TYPE, PRIMARY];
const EMAIL: &[Attr] = &[VALUE, DISPLAY, TYPE.canonical(&["work", "home", "other"]), PRIMARY];
const PHONE: &[Attr] =
    &[VALUE, DISPLAY, TYPE.canonical(&["work", "home", "mobile", "fax", "pager", "other"]), PRIMARY];
const IM: &[Attr] = &[
    VALUE,
    DISPLAY,
    TYPE.canonical(&["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"]),
    PRIMARY,
];
const PHOTO: &[Attr] = &[
    Attr::reference("value", &["external"], "The address of the picture."),
    DISPLAY,
    TYPE.canonical(&["photo", "thumbnail"]),
    PRIMARY,
];
const CERTIFICATE: &[Attr] =
    &[Attr::binary("value", "The certificate: DER, in base64."), DISPLAY, TYPE, PRIMARY];
const ADDRESS: &[Attr] = &[
    Attr::string("formatted", "The full address, ready for display or a label."),
    Attr::string("streetAddress", "Street, house number and what else stands above the town."),
    Attr::string("locality", "The town."),
    Attr::string("region", "The state or region."),
    Attr::string("postalCode", "The postal code."),
    Attr::string("country", "The country, ISO 3166-1 alpha-2."),
    TYPE.canonical(&["work", "home", "other"]),
    PRIMARY,
];
const MEMBERSHIP: &[Attr] = &[
    Attr::string("value", "The id of the group.").case_exact().read_only(),
    Attr::reference("$ref", &["Group"], "The address of the group.").read_only(),
    Attr::string("display", "The name of the group.").read_only(),
    Attr::string("type", "How the user belongs to it.").canonical(&["direct", "indirect"]).read_only(),
];

const USER_ATTRS: &[Attr] = &[
    Attr::string("userName", "The name a person logs in with.").required().unique(),
    Attr::complex("name", NAME, "The parts of the person's name."),
    Attr::string("displayName", "The name shown to others."),
    Attr::string("nickName", "The casual name."),
    Attr::reference("profileUrl", &["external"], "The address of a page about the person."),
    Attr::string("title", "The job title."),
    Attr::string("userType", "The relation to the organisation, as Employee or Contractor."),
    Attr::string("preferredLanguage", "The preferred languages, as in Accept-Language."),
    Attr::string("locale", "The locale for dates, numbers and currency, as en-US."),
    Attr::string("timezone", "The time zone, as Europe/Berlin."),
    Attr::boolean("active", "Whether the account can be used."),
    Attr::string("password", "A new password. It is accepted, never kept and never shown.")
        .case_exact()
        .mutability(Mutability::WriteOnly)
        .returned(Returned::Never),
    Attr::list("emails", EMAIL, "E-mail addresses."),
    Attr::list("phoneNumbers", PHONE, "Telephone numbers."),
    Attr::list("ims", IM, "Instant messaging addresses."),
    Attr::list("photos", PHOTO, "Addresses of pictures."),
    Attr::list("addresses", ADDRESS, "Postal addresses."),
    Attr::list("groups", MEMBERSHIP, "The groups the user belongs to, direct or nested.").read_only(),
    Attr::list("entitlements", PLURAL, "The entitlements of the user."),
    Attr::list("roles", PLURAL, "The roles of the user."),
    Attr::list("x509Certificates", CERTIFICATE, "The certificates issued to the user."),
];

// RFC 7643 section 4.2 calls displayName required, its listing in section 8.7.1 does not. Being unique is this server's choice.
const GROUP_ATTRS: &[Attr] = &[
    Attr::string("displayName", "The name of the group.").required().unique(),
    Attr::list("members", MEMBER, "The users and groups in the group."),
];

const MEMBER: &[Attr] = &[
    Attr::string("value", "The id of the user or group.").required().case_exact().immutable(),
    Attr::reference("$ref", &["User", "Group"], "The address of the member.").immutable(),
    Attr::string("display", "The name of the member.").read_only(),
    Attr::string("type", "The kind of member.").canonical(&["User", "Group"]).immutable(),
];

// manager.$ref follows manager.value here, so it is read-only; the listing in RFC 7643 section 8.7.1 has it writable.
const MANAGER: &[Attr] = &[
    Attr::string("value", "The id of the manager's account.").case_exact(),
    Attr::reference("$ref", &["User"], "The address of the manager's account.").read_only(),
    Attr::string("displayName", "The name of the manager.").read_only(),
];

const ENTERPRISE_ATTRS: &[Attr] = &[
    Attr::string("employeeNumber", "The number given by the organisation."),
    Attr::string("costCenter", "The cost center."),
    Attr::string("organization", "The organisation."),
    Attr::string("division", "The division."),
    Attr::string("department", "The department."),
    Attr::complex("manager", MANAGER, "The manager."),
];
