package io.freshet.config;

import io.freshet.config.option.OptionGroup;
import io.freshet.config.option.Problems;
import java.io.Serializable;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/** Where model versions are kept, and which of them are trusted. */
public record StoreConfig(String path, int retain, long base, List<String> allowedOperations)
        implements Serializable {

    /** A store whose graphs may have the harmless operations alone. */
    public StoreConfig(String path, int retain, long base) {
        this(path, retain, base, List.of());
    }

    static final OptionGroup OPTIONS = new OptionGroup();

    // relative paths, and file://models/x, in which models is a host
    private static final Pattern LOCATION =
            Pattern.compile("file:(//)?/[^/].*|/.*|(?!file:)[a-zA-Z][a-zA-Z0-9+.-]*:/.*");

    private static final String PLACES =
            "an absolute place, such as s3://bucket/models or file:///mnt/models";

    public static final ConfigOption<String> PATH =
            OPTIONS.declare(
                            ConfigOptions.key("store.path").stringType().defaultValue(""),
                            path -> path.isEmpty() || LOCATION.matcher(path).matches(),
                            PLACES)
                    .describe(
                            "Directory of all versions, on a file system that Flink supports and all "
                                    + "task managers share; required.");

    public static final ConfigOption<Integer> RETAIN =
            OPTIONS.integer("store.retain", 10, 1, 1000000)
                    .describe(
                            "Newest versions that are kept; older ones are deleted, unless a "
                                    + "checkpoint or a savepoint points to them.");

    public static final ConfigOption<Long> BASE =
            OPTIONS.number("store.base-version", 0L, 0)
                    .describe(
                            "Version that a job without state starts from; 0 for the newest in the "
                                    + "store, or none. One that neither a job nor freshet pretrain "
                                    + "has written must be named here, which says that you trust it.");

    public static final ConfigOption<List<String>> ALLOWED_OPERATIONS =
            OPTIONS.declare(
                            ConfigOptions.key("store.allowed-operations")
                                    .stringType()
                                    .asList()
                                    .defaultValues(),
                            operations -> true,
                            "texts")
                    .describe(
                            "TensorFlow operations that a model's graph may have besides those that "
                                    + "only compute, for models that you trust.");

    private static final Pattern CREDENTIALS = Pattern.compile("^[^:/]+://[^/@]*:[^/@]*@");

    /** Adds to {@code problems} if there is no path, which only a job can't do without. */
    void requirePath(Problems problems) {
        if (path.isEmpty()) {
            problems.add(
                    PATH.key(),
                    path,
                    PLACES
                            + ", that all task managers share and that outlives them; there is no"
                            + " default, because a node's own directory is neither");
        }
    }

    /** Reads the group; what is wrong is added to {@code problems}. */
    static StoreConfig from(ReadableConfig config, Problems problems) {
        OptionGroup.Reader read = OPTIONS.reader(config, problems);
        String path = read.get(PATH);
        if (CREDENTIALS.matcher(path).find()) {
            problems.add(
                    PATH.key(),
                    "a URI with a password in it",
                    "one without; paths are shown, and credentials of file systems belong in Flink's configuration");
        }
        return new StoreConfig(
                path, read.get(RETAIN), read.get(BASE), read.get(ALLOWED_OPERATIONS));
    }
}
