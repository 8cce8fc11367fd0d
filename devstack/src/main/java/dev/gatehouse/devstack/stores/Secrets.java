package dev.gatehouse.devstack.stores;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Random secrets; nothing here has a fixed password. */
public final class Secrets {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Secrets() {}

    /** 128 random bits as 32 hexadecimal digits, safe in URLs, headers and files. */
    public static String random() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
