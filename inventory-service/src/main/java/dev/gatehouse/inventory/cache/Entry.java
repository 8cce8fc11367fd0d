package dev.gatehouse.inventory.cache;

import org.jspecify.annotations.Nullable;

/**
 * What Redis holds under one key: {@code <version>\n<kind><body>}. The script that writes it reads the first line.
 *
 * @param version of the row; only ever grows
 * @param body for {@link Kind#VALUE} only
 */
record Entry(long version, Kind kind, String body) {

    enum Kind {
        /** The value as of the version. */
        VALUE('v'),
        /** The value changed: whoever loads it must get at least this version. */
        CHANGED('c'),
        /** The row was deleted and its id never comes back. */
        GONE('g');

        private final char code;

        Kind(char code) {
            this.code = code;
        }
    }

    static Entry value(long version, String body) {
        return new Entry(version, Kind.VALUE, body);
    }

    static Entry changed(long version) {
        return new Entry(version, Kind.CHANGED, "");
    }

    static Entry gone(long lastVersion) {
        return new Entry(lastVersion + 1, Kind.GONE, "");
    }

    /** @return null for text that no version of this code wrote */
    static @Nullable Entry parse(String text) {
        int end = text.indexOf('\n');
        if (end < 1 || end > 18 || end + 1 == text.length()) {
            return null;
        }
        for (int i = 0; i < end; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return null;
            }
        }
        long version = Long.parseLong(text, 0, end, 10);
        for (Kind kind : Kind.values()) {
            if (kind.code == text.charAt(end + 1)) {
                return new Entry(version, kind, text.substring(end + 2));
            }
        }
        return null;
    }

    String text() {
        return version + "\n" + kind.code + body;
    }

    Entry newer(Entry other) {
        return other.version > version ? other : this;
    }
}
