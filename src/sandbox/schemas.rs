//! The schemas of the sandbox, as tables of their attributes. The attributes are those of RFC 7643 sections 3.1 (common to
//! all resources), 4.1 (User), 4.2 (Group) and 4.3 (Enterprise User). Their characteristics are those of section 8.7.1,
//! except where a comment says otherwise.

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

/// The common attribute of that name: every resource has it, and it is in no schema (RFC 7643 section 3.1).
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
    Attr::complex("meta", META_SUBS, "What the server knows about the resource.").read_only(),
];

const META_SUBS: &[Attr] = &[
    Attr::string("resourceType", "The name of the resource type.").case_exact().read_only(),
    Attr::date("created", "When the resource was added.").read_only(),
    Attr::date("lastModified", "When the resource was last changed.").read_only(),
    Attr::reference("location", &["uri"], "The resource's address.").read_only(),
    Attr::string("version", "The resource's version, as in the ETag header.").case_exact().read_only(),
];

const NAME_SUBS: &[Attr] = &[
    Attr::string("formatted", "The full name, ready for display."),
    Attr::string("familyName", "The family name."),
    Attr::string("givenName", "The given name."),
    Attr::string("middleName", "The middle names."),
    Attr::string("honorificPrefix", "The titles before the name."),
    Attr::string("honorificSuffix", "The suffixes after the name."),
];

// The default sub-attributes of multi-valued attributes (RFC 7643 section 2.4), and lists of sub-attributes made of them.
const VALUE: Attr = Attr::string("value", "The value itself.");
const DISPLAY: Attr = Attr::string("display", "The value as people read it.");
const TYPE: Attr = Attr::string("type", "What the value is used for.");
const PRIMARY: Attr = Attr::boolean("primary", "Whether this is the preferred value; true once at most.");

const DEFAULT_SUBS: &[Attr] = &[VALUE, DISPLAY, TYPE, PRIMARY];
const EMAIL_SUBS: &[Attr] = &[VALUE, DISPLAY, TYPE.canonical(&["work", "home", "other"]), PRIMARY];
const PHONE_SUBS: &[Attr] =
    &[VALUE, DISPLAY, TYPE.canonical(&["work", "home", "mobile", "fax", "pager", "other"]), PRIMARY];
const IM_SUBS: &[Attr] = &[
    VALUE,
    DISPLAY,
    TYPE.canonical(&["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"]),
    PRIMARY,
];
const PHOTO_SUBS: &[Attr] = &[
    Attr::reference("value", &["external"], "The address of the picture."),
    DISPLAY,
    TYPE.canonical(&["photo", "thumbnail"]),
    PRIMARY,
];
const CERTIFICATE_SUBS: &[Attr] =
    &[Attr::binary("value", "The certificate: DER, in base64."), DISPLAY, TYPE, PRIMARY];
const ADDRESS_SUBS: &[Attr] = &[
    Attr::string("formatted", "The full address, ready for display or a label."),
    Attr::string("streetAddress", "Street, house number and what else stands above the town."),
    Attr::string("locality", "The town."),
    Attr::string("region", "The state or region."),
    Attr::string("postalCode", "The postal code."),
    Attr::string("country", "The country, ISO 3166-1 alpha-2."),
    TYPE.canonical(&["work", "home", "other"]),
    PRIMARY,
];
const MEMBERSHIP_SUBS: &[Attr] = &[
    Attr::string("value", "The id of the group.").case_exact().read_only(),
    Attr::reference("$ref", &["Group"], "The address of the group.").read_only(),
    Attr::string("display", "The name of the group.").read_only(),
    Attr::string("type", "How the user belongs to it.").canonical(&["direct", "indirect"]).read_only(),
];

const USER_ATTRS: &[Attr] = &[
    Attr::string("userName", "The name a person logs in with.").required().unique(),
    Attr::complex("name", NAME_SUBS, "The parts of the person's name."),
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
    Attr::list("emails", EMAIL_SUBS, "E-mail addresses."),
    Attr::list("phoneNumbers", PHONE_SUBS, "Telephone numbers."),
    Attr::list("ims", IM_SUBS, "Instant messaging addresses."),
    Attr::list("photos", PHOTO_SUBS, "Addresses of pictures."),
    Attr::list("addresses", ADDRESS_SUBS, "Postal addresses."),
    Attr::list("groups", MEMBERSHIP_SUBS, "The groups the user belongs to, direct or nested.").read_only(),
    Attr::list("entitlements", DEFAULT_SUBS, "The entitlements of the user."),
    Attr::list("roles", DEFAULT_SUBS, "The roles of the user."),
    Attr::list("x509Certificates", CERTIFICATE_SUBS, "The certificates issued to the user."),
];

// RFC 7643 section 4.2 requires displayName; the listing in section 8.7.1 does not. Only this server asks for a unique one.
const GROUP_ATTRS: &[Attr] = &[
    Attr::string("displayName", "The name of the group.").required().unique(),
    Attr::list("members", MEMBER_SUBS, "The users and groups in the group."),
];

const MEMBER_SUBS: &[Attr] = &[
    Attr::string("value", "The id of the user or group.").required().case_exact().immutable(),
    Attr::reference("$ref", &["User", "Group"], "The address of the member.").immutable(),
    Attr::string("display", "The name of the member.").read_only(),
    Attr::string("type", "The kind of member.").canonical(&["User", "Group"]).immutable(),
];

// The server works out manager.$ref from manager.value, so it is read-only; the listing in RFC 7643 section 8.7.1 lets
// clients write it.
const MANAGER_SUBS: &[Attr] = &[
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
    Attr::complex("manager", MANAGER_SUBS, "The manager."),
];
