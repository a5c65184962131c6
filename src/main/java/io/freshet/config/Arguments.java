package io.freshet.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;

/**
 * Options from the command line and from a YAML file: {@code --config FILE --key value
 * --key=value}. What stands on the command line wins over the file; an unknown key is an error,
 * with the key that was probably meant.
 */
public final class Arguments {

    private static final String CONFIG = "config";

    private final Configuration configuration = new Configuration();
    private final List<String> problems = new ArrayList<>();

    private Arguments() {}

    /**
     * Reads arguments.
     *
     * @throws IllegalConfigurationException naming everything that is wrong
     */
    public static Configuration parse(String... args) {
        Arguments arguments = new Arguments();
        Configuration overrides = arguments.commandLine(args);
        arguments.configuration.addAll(overrides);
        if (!arguments.problems.isEmpty()) {
            throw new IllegalConfigurationException(
                    "The arguments have "
                            + arguments.problems.size()
                            + " problem(s):\n  "
                            + String.join("\n  ", arguments.problems));
        }
        return arguments.configuration;
    }

    private Configuration commandLine(String[] args) {
        Configuration overrides = new Configuration();
        int next = 0;
        while (next < args.length) {
            String arg = args[next++];
            if (!arg.startsWith("--")) {
                problems.add("'" + arg + "': expected --key value or --key=value");
                continue;
            }
            int equals = arg.indexOf('=');
            String key = equals < 0 ? arg.substring(2) : arg.substring(2, equals);
            if (equals < 0 && next == args.length) {
                problems.add("--" + key + ": a value is missing");
                continue;
            }
            String value = equals < 0 ? args[next++] : arg.substring(equals + 1);
            if (key.equals(CONFIG)) {
                file(Path.of(value));
            } else {
                set(overrides, key, value, "--" + key);
            }
        }
        return overrides;
    }

    private void file(Path file) {
        try {
            JsonNode root = new YAMLMapper().readTree(Files.readString(file));
            if (root.isObject()) {
                flatten("", root, file);
            } else if (!root.isMissingNode() && !root.isNull()) {
                problems.add(file + ": expected a mapping of keys to values");
            }
        } catch (IOException e) {
            problems.add(file + ": can't be read as YAML: " + e);
        }
    }

    private void flatten(String prefix, JsonNode node, Path file) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String key = prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey();
            JsonNode value = field.getValue();
            if (value.isObject()) {
                flatten(key, value, file);
            } else if (value.isArray()) {
                List<String> elements = new ArrayList<>();
                value.forEach(element -> elements.add(element.asText()));
                set(configuration, key, String.join(";", elements), file + ": " + key);
            } else {
                set(configuration, key, value.asText(), file + ": " + key);
            }
        }
    }

    private void set(Configuration target, String key, String value, String where) {
        if (OptionCatalog.knows(key)) {
            target.setString(key, value);
        } else {
            problems.add(
                    where
                            + ": there is no such option"
                            + OptionCatalog.nearest(key)
                                    .map(near -> "; did you mean " + near + "?")
                                    .orElse(""));
        }
    }
}
