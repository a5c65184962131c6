package io.freshet.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.freshet.config.option.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;

/**
 * Options from the command line and from a YAML file: {@code --options FILE --key value
 * --key=value}. What stands on the command line wins over the file; an unknown key is an error,
 * with the key that was probably meant, and so is a secret in clear on the command line. Elements
 * of a list are separated by commas, whatever the option; in YAML they may be a sequence. A file
 * has one document, each key once, and values as they are written.
 */
public final class Arguments {

    private static final String OPTIONS = "options";

    /** What Flink's entry points take for their own in application mode, in any spelling. */
    private static final Pattern FLINKS = Pattern.compile("(?i)conf(ig)?(-?(file|dir))?");

    private static final String NOT_OURS =
            ": in application mode Flink takes it as its own --configDir, and the job would run on"
                    + " defaults; write --options FILE";
    private static final Pattern LEADING_ZERO = Pattern.compile("^[-+]?0+[0-9_]");
    private static final String IN_CLEAR =
            ": a secret on the command line, which logs, Flink's web UI and other users see;"
                    + " expected ${env:NAME}, ${file:/path:key} or ${dir:/path:name} in its place,"
                    + " or the option in the file of --options";

    private final Configuration configuration = new Configuration();
    private final Problems problems;
    private boolean secretSeen;

    private Arguments(Problems problems) {
        this.problems = problems;
    }

    /** Options as arguments. */
    public static List<String> of(Map<String, String> options) {
        return options.entrySet().stream()
                .map(option -> "--" + option.getKey() + "=" + option.getValue())
                .toList();
    }

    /**
     * Reads arguments.
     *
     * @throws IllegalConfigurationException naming everything that is wrong
     */
    public static Configuration parse(String... args) {
        Problems problems = new Problems();
        Configuration read = read(problems, args);
        problems.throwIfAny();
        return read;
    }

    /** Reads arguments; what is wrong is added to {@code problems}, and left out. */
    public static Configuration read(Problems problems, String... args) {
        Arguments arguments = new Arguments(problems);
        Configuration overrides = arguments.commandLine(args);
        arguments.configuration.addAll(overrides);
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
            if (key.equals(OPTIONS)) {
                file(Path.of(value));
            } else if (FLINKS.matcher(key).matches()) {
                problems.add("--" + key + NOT_OURS);
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
        try (JsonParser yaml = new YAMLFactory().createParser(Files.readString(file))) {
            JsonToken root = yaml.nextToken();
            if (root == JsonToken.START_OBJECT) {
                new ConfigFile(file, yaml).mapping("");
            } else if (root != null && root != JsonToken.VALUE_NULL) {
                problems.add(file + ": expected a mapping of keys to values");
            }
            if (yaml.nextToken() != null) {
                problems.add(
                        "%s: found a second document on line %d, expected one; put all options into it"
                                .formatted(file, yaml.currentLocation().getLineNr()));
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

    /** Takes scalars as they are written, because YAML would make 168 of 0250 and 1.1 of 1.10. */
    private final class ConfigFile {

        private final Path file;
        private final JsonParser yaml;
        private final Map<String, Integer> lines = new HashMap<>();

        ConfigFile(Path file, JsonParser yaml) {
            this.file = file;
            this.yaml = yaml;
        }

        /** Reads a mapping to its end. */
        void mapping(String prefix) throws IOException {
            while (yaml.nextToken() == JsonToken.FIELD_NAME) {
                String key = prefix.isEmpty() ? yaml.getText() : prefix + "." + yaml.getText();
                int line = yaml.currentTokenLocation().getLineNr();
                Integer before = lines.putIfAbsent(key, line);
                if (before != null) {
                    problems.add(
                            "%s: found %s twice, on lines %d and %d, expected each key once; make one of the two"
                                    .formatted(file, key, before, line));
                }
                value(key, yaml.nextToken());
            }
        }

        private void value(String key, JsonToken token) throws IOException {
            switch (token) {
                case START_OBJECT -> mapping(key);
                case START_ARRAY -> {
                    List<String> elements = new ArrayList<>();
                    while (yaml.nextToken() != JsonToken.END_ARRAY) {
                        elements.add(scalar(key));
                    }
                    setElements(configuration, key, elements, file + ": " + key);
                }
                default -> set(configuration, key, scalar(key), file + ": " + key);
            }
        }

        private String scalar(String key) throws IOException {
            if (!yaml.currentToken().isScalarValue()
                    || yaml.currentToken() == JsonToken.VALUE_NULL
                    || ((YAMLParser) yaml).isCurrentAlias()) {
                problems.add(
                        "%s: %s: expected a value, a list of values or a mapping on line %d; write it out, or leave the key away"
                                .formatted(file, key, yaml.currentTokenLocation().getLineNr()));
                yaml.skipChildren();
                return "";
            }
            return yaml.getText();
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
        if (OptionCatalog.isNumber(key) && LEADING_ZERO.matcher(value.strip()).find()) {
            problems.add(
                    "%s: found '%s', expected a number without leading zeros, which mark octal numbers in YAML; write it in decimal"
                            .formatted(where, value));
        } else if (OptionCatalog.hasElements(key) && value.indexOf(';') >= 0) {
            problems.add(where + ": found '" + value + "', expected commas between elements");
        } else if (OptionCatalog.isList(key)) {
            setElements(target, key, List.of(value.split(",")), where);
        } else if (OptionCatalog.has(key)) {
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
