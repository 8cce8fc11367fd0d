package dev.gatehouse.gateway.cors;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An origin exactly as a browser serialises it (RFC 6454 section 6.2), for example {@code https://shop.example:8443}.
 *
 * @param value compared byte by byte with the Origin header
 */
record AllowedOrigin(String value) {

    private static final Pattern SERIALISED = Pattern.compile("(https?)://(\\[[0-9a-f:.]+]|[a-z0-9.-]+)(?::(\\d+))?");
    private static final Pattern LABELS =
            Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
    private static final Pattern NUMERIC_END = Pattern.compile("(.*\\.)?(\\d+|0x[0-9a-f]*)");
    private static final int LONGEST_HOST = 253;
    private static final int LAST_PORT = 65_535;

    AllowedOrigin {
        String complaint = complaint(value);
        if (complaint != null) {
            throw new IllegalArgumentException("allowed origin \"" + value + "\": " + complaint);
        }
    }

    private static @Nullable String complaint(String value) {
        if (value.equals("*")) {
            return "a wildcard would let every site read the API; list each origin";
        }
        if (value.equals("null")) {
            return "null is the origin of every sandboxed page, so it identifies no one";
        }
        if (value.indexOf('*') >= 0) {
            return "patterns are not supported, because look-alike hosts match them; list each origin";
        }
        if (!value.startsWith("http://") && !value.startsWith("https://")) {
            return "must start with http:// or https://";
        }
        if (!value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            return "must be ASCII without spaces; write an international name in its xn-- form";
        }
        if (!value.equals(value.toLowerCase(Locale.ROOT))) {
            return "must be lower case, as browsers send it";
        }
        String afterScheme = value.substring(value.indexOf("://") + 3);
        if (afterScheme.isEmpty()) {
            return "has no host";
        }
        if (afterScheme.endsWith("/")) {
            return "must not end with a slash: browsers send none";
        }
        if (afterScheme.contains("/") || afterScheme.contains("?") || afterScheme.contains("#")) {
            return "must be scheme, host and port only, without a path";
        }
        if (afterScheme.contains("@")) {
            return "must not name a user";
        }
        Matcher parts = SERIALISED.matcher(value);
        if (!parts.matches()) {
            return "is not scheme://host or scheme://host:port";
        }
        String portComplaint = portComplaint(parts.group(1), parts.group(3));
        return portComplaint != null ? portComplaint : hostComplaint(parts.group(2));
    }

    private static @Nullable String portComplaint(String scheme, @Nullable String port) {
        if (port == null) {
            return null;
        }
        if (port.startsWith("0") || port.length() > 5 || Integer.parseInt(port) > LAST_PORT) {
            return "port must be 1 to 65535, without leading zeros";
        }
        if (port.equals(scheme.equals("http") ? "80" : "443")) {
            return "must not name the scheme's own port: browsers leave it out";
        }
        return null;
    }

    private static @Nullable String hostComplaint(String host) {
        if (host.startsWith("[")) {
            String literal = host.substring(1, host.length() - 1);
            return isCanonicalIpv6(literal) ? null : "is not an IPv6 address in its shortest form (RFC 5952)";
        }
        if (NUMERIC_END.matcher(host).matches()) {
            return NetUtil.isValidIpV4Address(host) && isCanonicalIpv4(host) ? null : "is not a dotted IPv4 address";
        }
        return host.length() <= LONGEST_HOST && LABELS.matcher(host).matches() ? null : "has no valid host name";
    }

    private static boolean isCanonicalIpv4(String host) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        return address != null && NetUtil.bytesToIpAddress(address).equals(host);
    }

    private static boolean isCanonicalIpv6(String literal) {
        try {
            InetAddress address = InetAddress.ofLiteral(literal);
            return address instanceof Inet6Address
                    && NetUtil.toAddressString(address).equals(literal);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
