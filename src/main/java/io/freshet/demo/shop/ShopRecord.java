package io.freshet.demo.shop;

import io.freshet.event.CatalogItem;
import io.freshet.event.Interaction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Something that arrives at the topics, in ascending order of {@link #arrival()}. */
public sealed interface ShopRecord {

    /** Shop time at which it arrives, milliseconds since the epoch. */
    long arrival();

    /**
     * An interaction; its event time lies before its arrival when it is late.
     *
     * @param again whether it was sent before
     */
    record Action(long arrival, Interaction interaction, boolean again) implements ShopRecord {

        /** Event types of the generated shop. */
        public static final String LOOK = "view";

        public static final String CART = "cart";
        public static final String PURCHASE = "purchase";
        public static final String RETURN = "return";
        public static final String HIDE = "hide";

        /** Those of them by which an item is rejected. */
        public static final List<String> REJECTIONS = List.of(RETURN, HIDE);
    }

    /** A catalog record. */
    record Announcement(long arrival, CatalogItem item) implements ShopRecord {}

    /**
     * A record of the interactions topic that is broken.
     *
     * @param fault what is wrong with it
     * @param value its bytes
     */
    record Broken(long arrival, Fault fault, byte[] value) implements ShopRecord {}

    /** The ways in which a producer breaks a record of the interactions topic. */
    public enum Fault {
        /** JSON that ends too early. */
        CUT_OFF("{\"user_id\": \"u-1\", \"item_id\": \"i-1\", \"timest"),
        /** No JSON at all. */
        NOT_JSON("user=u-1&item=i-1"),
        /** A required field is missing. */
        MISSING_USER("{\"item_id\": \"i-1\", \"timestamp_ms\": 1700000000000}"),
        /** A number where a string belongs. */
        WRONG_TYPE("{\"user_id\": \"u-1\", \"item_id\": 17, \"timestamp_ms\": 1700000000000}"),
        /** A time as text. */
        TEXTUAL_TIME(
                "{\"user_id\": \"u-1\", \"item_id\": \"i-1\", \"timestamp_ms\": \"yesterday\"}"),
        /** A time in microseconds, far in the future. */
        FAR_FUTURE(
                "{\"user_id\": \"u-1\", \"item_id\": \"i-1\", \"timestamp_ms\": 1700000000000000}"),
        /** A control character in an id. */
        CONTROL_CHARACTER(
                "{\"user_id\": \"u-1\\u0007\", \"item_id\": \"i-1\", \"timestamp_ms\": 1700000000000}"),
        /** Bytes that are not UTF-8. */
        NOT_UTF8(
                "{\"user_id\": \"M~ller\", \"item_id\": \"i-1\", \"timestamp_ms\": 1700000000000}"),
        /** Far more than anybody should send. */
        TOO_LARGE("{\"user_id\": \"u-1\", \"item_id\": \"i-1\", \"note\": \"~\"}");

        /** Size of a record that is too large, in bytes. */
        private static final int LARGE = 2 << 20;

        private static final byte LATIN1_U_UMLAUT = (byte) 0xfc;

        private final String template;

        Fault(String template) {
            this.template = template;
        }

        /** A record with this fault. */
        public byte[] value() {
            byte[] bytes = template.getBytes(StandardCharsets.US_ASCII);
            return switch (this) {
                case NOT_UTF8 -> {
                    bytes[template.indexOf('~')] = LATIN1_U_UMLAUT;
                    yield bytes;
                }
                case TOO_LARGE -> {
                    int at = template.indexOf('~');
                    byte[] large = new byte[LARGE];
                    Arrays.fill(large, (byte) 'x');
                    System.arraycopy(bytes, 0, large, 0, at);
                    System.arraycopy(bytes, at, large, LARGE - 3, 3);
                    large[LARGE - 3] = 'x';
                    yield large;
                }
                default -> bytes;
            };
        }
    }
}
