package io.freshet.config;

import java.io.Serializable;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ReadableConfig;

/** Where model versions are kept. See {@link StoreOptions} for units and defaults. */
public record StoreConfig(String path, int retain, long base) implements Serializable {

    private static final Pattern CREDENTIALS = Pattern.compile("^[^:/]+://[^/@]*:[^/@]*@");

    /** Reads the group; what is wrong is added to {@code problems}. */
    public static StoreConfig from(ReadableConfig config, Problems problems) {
        String path = problems.text(config, StoreOptions.PATH);
        if (CREDENTIALS.matcher(path).find()) {
            problems.add(
                    StoreOptions.PATH.key(),
                    "a URI with a password in it",
                    "one without; paths are shown, and credentials of file systems belong in Flink's configuration");
        }
        return new StoreConfig(
                path,
                problems.integer(config, StoreOptions.RETAIN, 1, 1000000),
                problems.check(
                        config, StoreOptions.BASE, value -> value >= 0L, "a number of at least 0"));
    }
}
