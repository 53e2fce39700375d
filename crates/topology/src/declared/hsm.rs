//! Hardware security modules of the Signing Service, by the products' own blocks (reference §3.7).

use super::secret::{ImageVolume, SecretReference};
use crate::{
    decode::Located,
    language::mapping,
    scalar::{HostPort, Image, IpRange, ObjectName, Url, Whole},
};

mapping! {
    /// The HSM that holds the signing keys. Exactly one of the keys must be there. The keys are made in it by its own tools,
    /// under the aliases that `certificates plan` names; `certificates issue` makes the certificate of each from a request.
    /// The blocks are those of R3's documents; none of them has run here.
    #[one_of = true]
    pub struct Hsm = "`hsm`" {
        /// Azure Key Vault (MSAL; CENM 1.6 and later).
        azure_key_vault: Option<AzureKeyVault> = "azureKeyVault", drives "AZURE_MSAL_KEY_VAULT_HSM";
        /// AWS CloudHSM.
        aws_cloud_hsm: Option<AwsCloudHsm> = "awsCloudHsm", drives "AMAZON_CLOUD_HSM";
        /// Utimaco Se Gen2.
        utimaco: Option<UtimacoHsm> = "utimaco", drives "UTIMACO_HSM";
        /// Gemalto, now Thales, Luna.
        gemalto: Option<GemaltoLuna> = "gemalto", drives "GEMALTO_HSM";
        /// Securosys Primus X.
        securosys: Option<SecurosysPrimus> = "securosys", drives "SECUROSYS_HSM";
    }
}

mapping! {
    /// Azure Key Vault. The Signing Service also calls `login.microsoftonline.com`, where the service principal logs in.
    pub struct AzureKeyVault = "`azureKeyVault`" {
        /// The vault.
        @required vault: Option<Located<Url>> = "vault", drives "keyVaultUrl";
        /// Its single IP addresses, where its name is one outside of the cluster: the Signing Service asks no DNS.
        addresses: Vec<Located<IpRange>> = "addresses",
            drives "Pod spec.hostAliases, NetworkPolicy spec.egress[].to[].ipBlock";
        /// The single IP addresses of `login.microsoftonline.com`: the Signing Service asks no DNS.
        login_addresses: Vec<Located<IpRange>> = "loginAddresses",
            drives "Pod spec.hostAliases, NetworkPolicy spec.egress[].to[].ipBlock";
        /// The client id of the service principal.
        @required client_id: Option<Located<String>> = "clientId", drives "credentials.clientId";
        /// The directory of the service principal.
        @required tenant_id: Option<Located<String>> = "tenantId", drives "credentials.tenantId";
        /// The alias in the service principal's PKCS#12 file.
        @required alias: Option<Located<String>> = "alias", drives "credentials.keyStoreAlias";
        /// The service principal's PKCS#12 file: by `secret` or `external`, since it is no text.
        @required key_store: Option<SecretReference> = "keyStore", drives "credentials.keyStorePath";
        /// Its password.
        @required password: Option<SecretReference> = "password", drives "credentials.keyStorePassword";
        /// Whether keys are protected by hardware.
        hardware: Option<Located<bool>> = "hardware", default "true", drives "protection";
        /// The image that carries `azure-keyvault-with-deps.jar`.
        @required library: Option<ImageVolume> = "library", drives "hsmLibraries[].jars";
    }
}

mapping! {
    /// AWS CloudHSM, through the client daemon, which runs beside the Signing Service and calls ports 2223 to 2225.
    pub struct AwsCloudHsm = "`awsCloudHsm`" {
        /// An address of the cluster, with its port; the daemon's own settings name it as well.
        @required address: Option<Located<HostPort>> = "address", drives "what a policy lets the Pod call";
        /// Its single IP addresses, where its name is one outside of the cluster: the Signing Service asks no DNS.
        addresses: Vec<Located<IpRange>> = "addresses",
            drives "Pod spec.hostAliases, NetworkPolicy spec.egress[].to[].ipBlock";
        /// The crypto user.
        @required user: Option<Located<String>> = "user", drives "credentialsAmazon.userName";
        /// Its password.
        @required password: Option<SecretReference> = "password", drives "credentialsAmazon.password";
        /// The partition.
        partition: Option<Located<String>> = "partition", default "PARTITION_1", drives "credentialsAmazon.partition";
        /// The client daemon of SDK 3.
        @required daemon: Option<CloudHsmDaemon> = "daemon", drives "a sidecar container";
        /// The image that carries `cloudhsm-3.2.1.jar` and, in the same folder, the shared libraries.
        @required library: Option<ImageVolume> = "library", drives "hsmLibraries[].jars, hsmLibraries[].sharedLibDir";
    }
}

mapping! {
    /// The daemon through which the libraries of AWS CloudHSM call their cluster.
    pub struct CloudHsmDaemon = "`daemon`" {
        /// An image with the daemon and its settings in `/opt/cloudhsm`; it must run as any user.
        @required image: Option<Located<Image>> = "image", drives "container image";
        /// The folder of the socket by which the libraries reach it, as its settings name it.
        @required socket_directory: Option<Located<String>> = "socketDirectory", drives "a volume of both containers";
    }
}

mapping! {
    /// Utimaco Se Gen2.
    pub struct UtimacoHsm = "`utimaco`" {
        /// Its address.
        @required address: Option<Located<HostPort>> = "address", drives "host, port";
        /// Its single IP addresses, where its name is one outside of the cluster: the Signing Service asks no DNS.
        addresses: Vec<Located<IpRange>> = "addresses",
            drives "Pod spec.hostAliases, NetworkPolicy spec.egress[].to[].ipBlock";
        /// The user.
        @required user: Option<Located<String>> = "user", drives "keyStore.users[].username";
        /// Its password.
        @required password: Option<SecretReference> = "password", drives "keyStore.users[].password";
        /// The key group.
        key_group: Option<Located<String>> = "keyGroup", default "PKI.TOOL.DEFAULT.HSM.GROUP", drives "group";
        /// The key specifier.
        key_specifier: Option<Located<Whole<0, 4_294_967_295>>> = "keySpecifier", default "1", drives "specifier";
        /// The image that carries `CryptoServerJCE.jar`.
        @required library: Option<ImageVolume> = "library", drives "hsmLibraries[].jars";
    }
}

mapping! {
    /// Gemalto Luna.
    pub struct GemaltoLuna = "`gemalto`" {
        /// Its address.
        @required address: Option<Located<HostPort>> = "address", drives "what a policy lets the Pod call";
        /// Its single IP addresses, where its name is one outside of the cluster: the Signing Service asks no DNS.
        addresses: Vec<Located<IpRange>> = "addresses",
            drives "Pod spec.hostAliases, NetworkPolicy spec.egress[].to[].ipBlock";
        /// Where the keys are, e.g. `tokenlabel:PARTITION`.
        @required slot: Option<Located<String>> = "slot", drives "credentials.keyStore";
        /// The partition's password.
        @required password: Option<SecretReference> = "password", drives "credentials.password";
        /// A Secret with `Chrystoki.conf` and the files that it names below `/opt/cenm/hsm-client`: the client's key and
        /// certificate, and the server's.
        client: Option<Located<ObjectName>> = "client", default "the Signing Service's image has them",
            drives "ChrystokiConfigurationPath";
        /// The image that carries `LunaProvider.jar` and, in the same folder, the shared library.
        @required library: Option<ImageVolume> = "library", drives "hsmLibraries[].jars, hsmLibraries[].sharedLibDir";
    }
}

mapping! {
    /// Securosys Primus X.
    pub struct SecurosysPrimus = "`securosys`" {
        /// Its address.
        @required address: Option<Located<HostPort>> = "address", drives "host, port";
        /// Its single IP addresses, where its name is one outside of the cluster: the Signing Service asks no DNS.
        addresses: Vec<Located<IpRange>> = "addresses",
            drives "Pod spec.hostAliases, NetworkPolicy spec.egress[].to[].ipBlock";
        /// The user.
        @required user: Option<Located<String>> = "user", drives "credentials.username";
        /// Its password.
        @required password: Option<SecretReference> = "password", drives "credentials.password";
        /// The image that carries `primusX.jar`.
        @required library: Option<ImageVolume> = "library", drives "hsmLibraries[].jars";
    }
}
