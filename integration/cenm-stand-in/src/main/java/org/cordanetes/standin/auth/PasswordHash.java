package org.cordanetes.standin.auth;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** A salted PBKDF2 hash of a password. */
record PasswordHash(String salt, int iterations, String hash) {
    private static final int ITERATIONS = 60_000;
    private static final int BITS = 256;

    static PasswordHash of(String password) {
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        return new PasswordHash(Base64.getEncoder().encodeToString(salt), ITERATIONS,
                derive(password, salt, ITERATIONS));
    }

    boolean matches(String password) {
        String candidate = derive(password, Base64.getDecoder().decode(salt), iterations);
        return MessageDigest.isEqual(candidate.getBytes(), hash.getBytes());
    }

    private static String derive(String password, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, BITS);
        try {
            byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
            return Base64.getEncoder().encodeToString(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has PBKDF2", e);
        } finally {
            spec.clearPassword();
        }
    }
}
