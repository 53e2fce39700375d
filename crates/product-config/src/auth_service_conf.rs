//! `authservice.conf`: users, clients and tokens of the Auth Service.
//!
//! Precedence: 1. the product's defaults; 2. profile; 3. topology: this file. No key can be overridden. The initial user is not part of the
//! file: the service takes it as `--initial-user-…` arguments.

use std::time::Duration;

use secrecy::SecretString;

use crate::conf_error::{CenmFile, ConfError};
use crate::database::Database;
use crate::hocon::{Block, Value};
use crate::ssl::Store;
use crate::version::CenmVersion;

/// The whole file.
#[derive(Clone, Debug)]
pub struct AuthServiceConf {
    /// The service's own database.
    pub database: Database,
    /// The key that signs tokens.
    pub jwk: Jwk,
    /// Issuer named in every token; each service's `authServiceConfig.issuer` must equal it.
    pub issuer: String,
    /// One for each Gateway.
    pub clients: Vec<OauthClient>,
    /// The HTTPS server.
    pub server: AuthServer,
    /// What passwords of users must be like.
    pub password_policy: PasswordPolicy,
}

/// What passwords of users must be like; the product's defaults where absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// Refuses weak passwords; the product's default is yes. It binds the initial user too: 8 to 50 characters
    /// with a digit, a lower and an upper case letter, no sequence over 3 characters, not the user's name.
    pub must_meet_complexity_requirements: Option<bool>,
    /// Age at which a password must be changed, written with its unit; never when absent.
    pub maximum_age: Option<Duration>,
    /// Failed logins after which a user is locked; never when absent.
    pub login_attempts: Option<u32>,
}

impl PasswordPolicy {
    fn block(self) -> Block {
        let enabled = || Block::new().with("enabled", true);
        Block::new()
            .with_some(
                "expiration",
                self.maximum_age.map(|age| enabled().with("passwordMaxAge", age)),
            )
            .with_some(
                "lock",
                self.login_attempts
                    .map(|attempts| enabled().with("loginAttempts", attempts)),
            )
            .with_some(
                "mustMeetComplexityRequirements",
                self.must_meet_complexity_requirements,
            )
    }
}

/// The RSA key that signs tokens.
#[derive(Clone, Debug)]
pub struct Jwk {
    /// Key store; the path must be absolute.
    pub key_store: Store,
    /// Alias of the key; `cordaauthjwk` is the product's default.
    pub key_alias: String,
    /// Key id written into tokens.
    pub key_id: Option<String>,
}

/// A Gateway as the Auth Service knows it.
#[derive(Clone, Debug)]
pub struct OauthClient {
    /// Client id.
    pub client_id: String,
    /// Client secret.
    pub client_secret: SecretString,
    /// What its users may do with accounts.
    pub scopes: Vec<Scope>,
    /// Services for which its tokens count.
    pub audience: Vec<Audience>,
    /// Lifetime of an access token.
    pub access_token_validity: Duration,
    /// Lifetime of a refresh token.
    pub refresh_token_validity: Duration,
}

impl OauthClient {
    /// A client that may also manage accounts, for every service, with the lifetimes of R3's charts.
    pub fn for_gateway(client_id: impl Into<String>, client_secret: SecretString) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret,
            scopes: vec![Scope::User, Scope::Admin],
            audience: Audience::ALL.to_vec(),
            access_token_validity: Duration::from_mins(30),
            refresh_token_validity: Duration::from_hours(24),
        }
    }

    fn block(&self) -> Block {
        Block::new()
            .with("clientId", &self.client_id)
            .with("clientSecret", &self.client_secret)
            .with_list("scopes", self.scopes.iter().map(|scope| scope.as_str()))
            .with_list("audience", self.audience.iter().map(|audience| audience.as_str()))
            .with("accessTokenValidity", self.access_token_validity.as_secs())
            .with("refreshTokenValidity", self.refresh_token_validity.as_secs())
    }
}

/// A scope of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// `accounts:user`
    User,
    /// `accounts:admin`: manage users, groups and roles.
    Admin,
}

impl Scope {
    const fn as_str(self) -> &'static str {
        match self {
            Self::User => "accounts:user",
            Self::Admin => "accounts:admin",
        }
    }
}

/// A service that accepts a client's tokens; the product compares case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The Auth Service itself.
    Accounts,
    /// The Zone Service.
    Zone,
    /// The Signing Service.
    Signer,
    /// The Identity Manager.
    IdentityManager,
    /// The Network Map.
    NetworkMap,
}

impl Audience {
    /// Every service.
    pub const ALL: [Self; 5] = [
        Self::Accounts,
        Self::Zone,
        Self::Signer,
        Self::IdentityManager,
        Self::NetworkMap,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Accounts => "ACCOUNTS",
            Self::Zone => "zone",
            Self::Signer => "signer",
            Self::IdentityManager => "identity-manager",
            Self::NetworkMap => "network-map",
        }
    }
}

/// The HTTPS server of the Auth Service.
#[derive(Clone, Debug)]
pub struct AuthServer {
    /// Port.
    pub port: u16,
    /// Store with the server's key; the path must be absolute.
    pub key_store: Store,
    /// Alias of the key; `cordasslauthservice` is the product's default.
    pub key_alias: String,
    /// The SSL root.
    pub trust_store: Store,
}

impl AuthServiceConf {
    /// The file's text for a release. It holds secrets.
    pub fn to_hocon(&self, version: CenmVersion) -> Result<String, ConfError> {
        let jwk = self
            .jwk
            .key_store
            .block()
            .with("keyAlias", &self.jwk.key_alias)
            .with_some("keyId", self.jwk.key_id.as_ref());
        let clients = self
            .clients
            .iter()
            .map(|client| Value::Block(client.block()))
            .collect::<Vec<_>>();
        let ssl = Block::new()
            .with(
                "keyStore",
                self.server
                    .key_store
                    .block()
                    .with("keyAlias", &self.server.key_alias),
            )
            .with("trustStore", self.server.trust_store.block());
        let file = Block::new()
            .with("database", self.database.block())
            .with("jwk", jwk)
            .with(
                "clientConfig",
                Block::new().with("issuer", &self.issuer).with("clients", clients),
            )
            .with(
                "server",
                Block::new().with("port", self.server.port).with("ssl", ssl),
            )
            .with_block("passwordPolicy", self.password_policy.block());
        CenmFile::new("authservice.conf", version)
            .problems(self.database.contradictions())
            .write(&file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_values::{check, database, each_version, secret, trust_store};

    fn conf() -> AuthServiceConf {
        AuthServiceConf {
            database: database("auth"),
            jwk: Jwk {
                key_store: Store::new("/opt/cenm/jwt/jwt-store.jks", secret("jwt")),
                key_alias: "cordaauthjwk".into(),
                key_id: None,
            },
            issuer: "http://auth.bank-network.svc".into(),
            clients: vec![OauthClient::for_gateway("gateway", secret("client"))],
            server: AuthServer {
                port: 8081,
                key_store: Store::new("/opt/cenm/ssl/corda-ssl-auth-keys.jks", secret("ssl-auth")),
                key_alias: "cordasslauthservice".into(),
                trust_store: trust_store(),
            },
            password_policy: PasswordPolicy::default(),
        }
    }

    #[test]
    fn the_file_of_the_auth_service() {
        let conf = conf();
        let text = each_version(|version| conf.to_hocon(version));
        check(&conf, &text);
        insta::assert_snapshot!(text);
    }

    #[test]
    fn every_key() {
        let mut conf = conf();
        conf.database = crate::test_values::postgresql("auth");
        conf.jwk.key_id = Some("1".into());
        conf.clients[0].scopes = vec![Scope::User];
        conf.clients[0].audience = vec![Audience::ALL[0]];
        conf.password_policy = PasswordPolicy {
            must_meet_complexity_requirements: Some(true),
            maximum_age: Some(Duration::from_hours(24 * 90)),
            login_attempts: Some(5),
        };
        let text = each_version(|version| conf.to_hocon(version));
        check(&conf, &text);
        insta::assert_snapshot!(text);
    }
}
