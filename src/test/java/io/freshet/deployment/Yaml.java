package io.freshet.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;

/** Documents of YAML files, with anchors and merges, refusing a key that is there twice. */
final class Yaml {

    private Yaml() {}

    static List<Map<String, Object>> read(Path file) {
        try {
            return parse(Files.readString(file, UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Map<String, Object>> parse(String text) {
        LoaderOptions strict = new LoaderOptions();
        strict.setAllowDuplicateKeys(false);
        List<Map<String, Object>> documents = new ArrayList<>();
        for (Object document : new org.yaml.snakeyaml.Yaml(strict).loadAll(text)) {
            documents.add(map(document));
        }
        return documents;
    }

    /** What is at a path of keys; fails if nothing is. */
    static Object at(Object node, String... path) {
        Object found = node;
        for (String key : path) {
            Object next = map(found).get(key);
            if (next == null) {
                throw new AssertionError("No " + key + " in " + map(found).keySet());
            }
            found = next;
        }
        return found;
    }

    @SuppressWarnings("unchecked") // as YAML has it
    static Map<String, Object> map(Object node) {
        return (Map<String, Object>) node;
    }

    @SuppressWarnings("unchecked") // as YAML has it
    static List<Object> list(Object node) {
        return (List<Object>) node;
    }
}
