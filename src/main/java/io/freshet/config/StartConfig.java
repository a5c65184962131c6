package io.freshet.config;

import io.freshet.config.option.OptionGroup;
import io.freshet.config.option.Problems;
import java.io.Serializable;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/**
 * What a job may start from.
 *
 * @param withoutState whether it may start without the state of the runs before it
 * @param stateLeft what a run before it has left, in words; a job that finds no state restored then
 *     refuses to run. Empty if there is nothing, or if it was allowed to go without
 */
public record StartConfig(boolean withoutState, String stateLeft) implements Serializable {

    static final OptionGroup OPTIONS = new OptionGroup();

    public static final ConfigOption<Boolean> WITHOUT_STATE =
            OPTIONS.flag("start.without-state", false)
                    .describe(
                            "Whether the job may start without a checkpoint or savepoint although its "
                                    + "consumer group has committed offsets, or a job has written "
                                    + "versions to its store. It then forgets all users, and goes on "
                                    + "behind what was read; set it for one start.");

    public static final ConfigOption<String> STATE_LEFT =
            OPTIONS.declare(
                            ConfigOptions.key("start.state-left").stringType().defaultValue(""),
                            text -> true,
                            "a text")
                    .internal()
                    .describe("What a run before this one has left, as its submission found it.");

    /** Reads the group; what is wrong is added to {@code problems}. */
    public static StartConfig from(ReadableConfig config, Problems problems) {
        OptionGroup.Reader read = OPTIONS.reader(config, problems);
        return new StartConfig(read.get(WITHOUT_STATE), read.get(STATE_LEFT));
    }
}
