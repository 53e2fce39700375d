package org.cordanetes.standin.auth;

import com.typesafe.config.Config;
import java.util.Locale;
import java.util.Optional;
import org.cordanetes.standin.config.ConfigText;

/** The rules that CENM has for passwords since 1.5. */
record PasswordPolicy(boolean complex, int loginAttempts) {
    private static final int LONGEST_SEQUENCE = 3;

    static PasswordPolicy of(Config config) {
        boolean lock = ConfigText.flag(config, "passwordPolicy.lock.enabled", false);
        int attempts = config.hasPath("passwordPolicy.lock.loginAttempts")
                ? config.getInt("passwordPolicy.lock.loginAttempts") : 5;
        return new PasswordPolicy(ConfigText.flag(config, "passwordPolicy.mustMeetComplexityRequirements", true),
                lock ? attempts : Integer.MAX_VALUE);
    }

    /** Why the password may not be used, if it may not; the sentence never holds the password. */
    Optional<String> problem(String user, String password) {
        if (!complex) {
            return Optional.empty();
        }
        if (password.length() < 8 || password.length() > 50) {
            return Optional.of("must have 8 to 50 characters");
        }
        if (password.chars().noneMatch(Character::isDigit) || password.chars().noneMatch(Character::isLowerCase)
                || password.chars().noneMatch(Character::isUpperCase)) {
            return Optional.of("must hold a digit, a lower-case and an upper-case letter");
        }
        if (password.toLowerCase(Locale.ROOT).contains(user.toLowerCase(Locale.ROOT))) {
            return Optional.of("must not contain the user name");
        }
        if (longestSequence(password) > LONGEST_SEQUENCE) {
            return Optional.of("must not hold a regular sequence of more than " + LONGEST_SEQUENCE
                    + " characters, such as abcd, 4321 or aaaa");
        }
        return Optional.empty();
    }

    private static int longestSequence(String password) {
        int longest = 1;
        int step = Integer.MAX_VALUE;
        int run = 1;
        for (int i = 1; i < password.length(); i++) {
            int difference = password.charAt(i) - password.charAt(i - 1);
            boolean alike = Character.isLetterOrDigit(password.charAt(i))
                    && Character.getType(password.charAt(i)) == Character.getType(password.charAt(i - 1))
                    || difference == 0;
            if (alike && Math.abs(difference) <= 1 && difference == step) {
                run++;
            } else {
                step = alike && Math.abs(difference) <= 1 ? difference : Integer.MAX_VALUE;
                run = step == Integer.MAX_VALUE ? 1 : 2;
            }
            longest = Math.max(longest, run);
        }
        return longest;
    }
}
