//! Hardware security modules of the Signing Service, by the products' own blocks (reference §3.7).

use super::secret::{ImageVolume, SecretReference};
use crate::{
    decode::Located,
    language::mapping,
    scalar::{HostPort, IpRange, Url, Whole},
};

mapping! {
    /// The HSM that holds the signing keys. Exactly one of the keys must be there.
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
    /// Azure Key Vault.
    pub struct AzureKeyVault = "`azureKeyVault`" {
        /// The vault.
        @required vault: Option<Located<Url>> = "vault", drives "keyVaultUrl";
        /// Its single IP addresses, where its name is one outside of the cluster: the Signing Service asks no DNS.
        addresses: Vec<Located<IpRange>> = "addresses",
            drives "Pod spec.hostAliases, NetworkPolicy spec.egress[].to[].ipBlock";
        /// The client id of the service principal.
        @required client_id: Option<Located<String>> = "clientId", drives "credentials.clientId";
        /// The directory of the service principal.
        @required tenant_id: Option<Located<String>> = "tenantId", drives "credentials.tenantId";
        /// The alias in the service principal's PKCS#12 file.
        @required alias: Option<Located<String>> = "alias", drives "credentials.keyStoreAlias";
        /// The service principal's PKCS#12 file.
        @required key_store: Option<SecretReference> = "keyStore", drives "credentials.keyStorePath";
        /// Its password.
        @required password: Option<SecretReference> = "password", drives "credentials.keyStorePassword";
        /// Whether keys are protected by hardware.
        hardware: Option<Located<bool>> = "hardware", default "true", drives "protection";
        /// The image that carries the vendor's library.
        @required library: Option<ImageVolume> = "library", drives "hsmLibraries[].jars";
    }
}

mapping! {
    /// AWS CloudHSM, through the client daemon.
    pub struct AwsCloudHsm = "`awsCloudHsm`" {
        /// Any address of the cluster, with the daemon's port.
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
        /// The image that carries the vendor's libraries.
        @required library: Option<ImageVolume> = "library", drives "hsmLibraries[].jars";
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
        @required user: Option<Located<String>> = "user", drives "credentials.username";
        /// Its password, or that of its key file.
        @required password: Option<SecretReference> = "password", drives "credentials.password";
        /// The key group.
        key_group: Option<Located<String>> = "keyGroup", default "*", drives "keyGroup";
        /// The key specifier.
        key_specifier: Option<Located<Whole<0, 4_294_967_295>>> = "keySpecifier", default "1", drives "keySpecifier";
        /// The image that carries the vendor's library.
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
        /// The slot or the token's label.
        @required slot: Option<Located<String>> = "slot", drives "credentials.keyStore";
        /// The partition's password.
        @required password: Option<SecretReference> = "password", drives "credentials.password";
        /// The image that carries the vendor's libraries.
        @required library: Option<ImageVolume> = "library", drives "hsmLibraries[].jars";
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
        /// The image that carries the vendor's library.
        @required library: Option<ImageVolume> = "library", drives "hsmLibraries[].jars";
    }
}
