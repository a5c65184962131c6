package io.freshet.config;

import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which properties of Kafka clients are secret, and how they are named instead of written down:
 *
 * <pre>
 *  ${env:NAME}          an environment variable
 *  ${file:/path:key}    a key of a properties file
 *  ${dir:/path:name}    the content of a file in a directory, as container platforms mount secrets
 * </pre>
 *
 * <p>Kafka's own config providers look them up in the client, on the machine where the client is:
 * the secret itself never is part of the job, of its state, or of what Flink shows of it.
 */
final class Secrets {

    private static final Set<String> WORDS =
            Set.of("password", "passphrase", "secret", "keystore.key");
    private static final String JAAS = "jaas.config";
    private static final Pattern JAAS_SECRET =
            Pattern.compile("(?i)(password|secret)\\s*=\\s*\"?([^\";\\s]*)");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file|dir):[^}]+}");
    private static final String PROVIDERS = "config.providers";
    private static final String PROVIDER_CLASSES = "org.apache.kafka.common.config.provider.";

    private Secrets() {}

    /** Whether a value of that key may be a secret. */
    static boolean isSecret(String key) {
        String lower = key.toLowerCase(Locale.ROOT);
        return lower.contains(JAAS) || WORDS.stream().anyMatch(lower::contains);
    }

    /** Whether a value says a secret itself instead of where it is. */
    static boolean isInClear(String key, String value) {
        if (!isSecret(key)) {
            return false;
        }
        if (!key.toLowerCase(Locale.ROOT).contains(JAAS)) {
            return !REFERENCE.matcher(value).matches();
        }
        Matcher secrets = JAAS_SECRET.matcher(value);
        while (secrets.find()) {
            if (!REFERENCE.matcher(secrets.group(2)).matches()) {
                return true;
            }
        }
        return false;
    }

    /** Tells Kafka's clients to look up references, if there are any and nobody told them how. */
    static void addProviders(Properties properties) {
        boolean referring =
                properties.values().stream()
                        .anyMatch(value -> REFERENCE.matcher(value.toString()).find());
        if (referring && !properties.containsKey(PROVIDERS)) {
            properties.setProperty(PROVIDERS, "env,file,dir");
            provide(properties, "env", "EnvVarConfigProvider");
            provide(properties, "file", "FileConfigProvider");
            provide(properties, "dir", "DirectoryConfigProvider");
        }
    }

    private static void provide(Properties properties, String name, String type) {
        properties.setProperty(PROVIDERS + "." + name + ".class", PROVIDER_CLASSES + type);
    }
}
