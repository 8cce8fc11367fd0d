package dev.gatehouse.billing.input;

import java.util.regex.Pattern;

/**
 * Recognises what looks like a payment card number: 13 to 19 digits, possibly grouped, that begin like a card and pass
 * the Luhn check
 * (ISO/IEC 7812-1). Card data must not enter the platform, not even by mistake in a field that is meant for something
 * else.
 */
public final class CardNumbers {

    private static final Pattern CANDIDATE = Pattern.compile("(?<![0-9A-Za-z])[2-6](?:[ -]?\\d){12,18}(?![0-9A-Za-z])");
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private CardNumbers() {}

    public static boolean occurIn(String text) {
        if (UUID_FORM.matcher(text).matches()) {
            return false;
        }
        return CANDIDATE.matcher(text).results().anyMatch(match -> passesLuhn(match.group()));
    }

    static boolean isUuid(String text) {
        return UUID_FORM.matcher(text).matches();
    }

    private static boolean passesLuhn(String candidate) {
        int sum = 0;
        boolean twice = false;
        for (int i = candidate.length() - 1; i >= 0; i--) {
            int digit = Character.digit(candidate.charAt(i), 10);
            if (digit < 0) {
                continue;
            }
            int weighted = twice ? digit * 2 : digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
            twice = !twice;
        }
        return sum % 10 == 0;
    }
}
