package io.freshet.source.field;

import com.fasterxml.jackson.databind.JsonNode;

/** Short, printable descriptions of values that were found in a record, for reasons. */
public final class FoundText {

    private static final int MAX_VALUE = 40;

    private FoundText() {}

    /** A JSON value: its beginning for texts and numbers, its kind and size for the rest. */
    public static String of(JsonNode node) {
        if (node.isMissingNode()) {
            return "nothing";
        }
        if (node.isArray()) {
            return "an array of " + node.size();
        }
        if (node.isObject()) {
            return "an object of " + node.size() + " fields";
        }
        if (node.isTextual()) {
            return quoted(node.textValue());
        }
        return (node.isNumber() ? "the number " : "") + abbreviated(node.asText());
    }

    /** The beginning of a text, in quotes. */
    public static String quoted(String text) {
        return '"' + abbreviated(text) + '"';
    }

    /** The beginning of a text. */
    public static String abbreviated(String text) {
        return printable(text, MAX_VALUE);
    }

    /**
     * At most {@code limit} UTF-16 units of a text, with an ellipsis if it is longer; what is not
     * plain (control characters, surrogates without a partner) is written as {@code \\uXXXX}.
     */
    public static String printable(String text, int limit) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), limit) + 8);
        int i = 0;
        while (i < text.length() && i < limit) {
            int codePoint = text.codePointAt(i);
            if (isPlain(codePoint)) {
                out.appendCodePoint(codePoint);
            } else {
                out.append(String.format("\\u%04x", codePoint));
            }
            i += Character.charCount(codePoint);
        }
        return i < text.length() ? out.append('…').toString() : out.toString();
    }

    private static boolean isPlain(int codePoint) {
        int type = Character.getType(codePoint);
        return type != Character.CONTROL
                && type != Character.SURROGATE
                && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }
}
