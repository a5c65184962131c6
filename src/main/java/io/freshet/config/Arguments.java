package io.freshet.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;

/**
 * Options from the command line and from a YAML file: {@code --config FILE --key value
 * --key=value}. What stands on the command line wins over the file; an unknown key is an error,
 * with the key that was probably meant, and so is a secret in clear on the command line. Elements
 * of a list are separated by commas, whatever the option; in YAML they may be a sequence.
 */
public final class Arguments {

    private static final String CONFIG = "config";
    private static final String IN_CLEAR =
            ": a secret on the command line, which logs, Flink's web UI and other users see;"
                    + " expected ${env:NAME}, ${file:/path:key} or ${dir:/path:name} in its place,"
                    + " or the option in the file of --config";

    private final Configuration configuration = new Configuration();
    private final List<String> problems = new ArrayList<>();
    private boolean secretSeen;

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
                problems.add(stray(arg, next) + ": expected --key value or --key=value");
                continue;
            }
            int equals = arg.indexOf('=');
            String key = equals < 0 ? arg.substring(2) : arg.substring(2, equals);
            if (equals < 0 && next == args.length) {
                problems.add("--" + key + ": a value is missing");
                continue;
            }
            String value = equals < 0 ? args[next++] : arg.substring(equals + 1);
            secretSeen |= Secrets.isSecret(key);
            if (key.equals(CONFIG)) {
                file(Path.of(value));
            } else if (Secrets.isInClear(key, value)) {
                problems.add("--" + key + IN_CLEAR);
            } else {
                set(overrides, key, value, "--" + key);
            }
        }
        return overrides;
    }

    /** What stands where an option should; behind a secret it may be a piece of it. */
    private String stray(String arg, int position) {
        return secretSeen ? "argument " + position : "'" + arg + "'";
    }

    private void file(Path file) {
        try {
            JsonNode root = new YAMLMapper().readTree(Files.readString(file));
            if (root.isObject()) {
                flatten("", root, file);
            } else if (!root.isMissingNode() && !root.isNull()) {
                problems.add(file + ": expected a mapping of keys to values");
            }
        } catch (JsonProcessingException e) {
            // its message quotes the file, where secrets may stand
            JsonLocation at = e.getLocation();
            String place = at == null ? "" : ": see line " + at.getLineNr();
            problems.add(file + ": can't be read as YAML" + place);
        } catch (IOException e) {
            problems.add(file + ": can't be read: " + e);
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
                setElements(configuration, key, elements, file + ": " + key);
            } else {
                set(configuration, key, value.asText(), file + ": " + key);
            }
        }
    }

    /** Sets a list, which Flink's own form has semicolons in, or else a text with commas in it. */
    private void setElements(
            Configuration target, String key, List<String> elements, String where) {
        if (OptionCatalog.isList(key)) {
            target.setString(
                    key,
                    elements.stream()
                            .map(String::strip)
                            .filter(element -> !element.isEmpty())
                            .map(Arguments::quoted)
                            .collect(Collectors.joining(";")));
        } else {
            set(target, key, String.join(",", elements), where);
        }
    }

    private static String quoted(String element) {
        boolean plain = element.chars().noneMatch(c -> c == ';' || c == '\'' || c == '"');
        return plain ? element : "'" + element.replace("'", "''") + "'";
    }

    private void set(Configuration target, String key, String value, String where) {
        if (OptionCatalog.hasElements(key) && value.indexOf(';') >= 0) {
            problems.add(where + ": found '" + value + "', expected commas between elements");
        } else if (OptionCatalog.isList(key)) {
            setElements(target, key, List.of(value.split(",")), where);
        } else if (OptionCatalog.knows(key)) {
            target.setString(key, value);
        } else if (OptionCatalog.isInternal(key)) {
            problems.add(where + ": not for users to set; replay and demo set it themselves");
        } else {
            problems.add(
                    where
                            + ": there is no such option"
                            + OptionCatalog.nearest(key)
                                    .map("; did you mean %s?"::formatted)
                                    .orElse(""));
        }
    }
}
