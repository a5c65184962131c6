package io.freshet.runtime;

import java.util.Locale;

/** Names of constants as topics and metrics have them. */
public final class ConstantNames {

    private ConstantNames() {}

    /** The name of a constant: {@code FORGET_USER} is {@code forget-user}. */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
