package io.freshet.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A compose file, with variables replaced as {@code docker compose} does. */
public final class Compose {

    /** Of this repository. */
    public static final Path FILE = Path.of("docker/compose.yaml");

    private static final Pattern VARIABLE =
            Pattern.compile("\\$\\$|\\$\\{(\\w+)(?::([-+])([^}]*))?}");

    private final Map<String, Object> content;

    private Compose(Map<String, Object> content) {
        this.content = content;
    }

    /**
     * Reads a file.
     *
     * @param variables of the environment
     */
    public static Compose read(Path file, Map<String, String> variables) {
        try {
            String text = Files.readString(file, UTF_8);
            String resolved =
                    VARIABLE.matcher(text)
                            .replaceAll(
                                    found -> Matcher.quoteReplacement(resolve(found, variables)));
            return new Compose(Yaml.parse(resolved).get(0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String resolve(MatchResult variable, Map<String, String> variables) {
        if (variable.group().equals("$$")) {
            return "$";
        }
        String value = variables.getOrDefault(group(variable, 1), "");
        String other = group(variable, 3);
        if (group(variable, 2).equals("+")) {
            return value.isEmpty() ? "" : other;
        }
        return value.isEmpty() ? other : value;
    }

    private static String group(MatchResult found, int number) {
        @Nullable String group = found.group(number);
        return group == null ? "" : group;
    }

    /** All services, by name. */
    Map<String, Object> services() {
        return Yaml.map(Yaml.at(content, "services"));
    }

    /** Names of the volumes. */
    Map<String, Object> volumes() {
        return Yaml.map(Yaml.at(content, "volumes"));
    }

    /** The words of a service's command. */
    public List<String> command(String service) {
        Object command = Yaml.at(services(), service, "command");
        return command instanceof String text
                ? Arrays.asList(text.strip().split("\\s+"))
                : Yaml.list(command).stream().map(Object::toString).toList();
    }

    /** The Flink options that a service gives to the image's entry point. */
    public Map<String, String> flinkProperties(String service) {
        String lines = Yaml.at(services(), service, "environment", "FLINK_PROPERTIES").toString();
        Map<String, String> options = new TreeMap<>();
        for (String line : lines.lines().toList()) {
            int colon = line.indexOf(':');
            options.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        }
        return options;
    }
}
