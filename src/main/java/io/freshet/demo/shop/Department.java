package io.freshet.demo.shop;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A department of the shop, and the words that its titles are made of.
 *
 * @param name unique name
 * @param area what it belongs to, with others
 * @param styles first words of titles
 * @param materials second words
 * @param products last words
 * @param goesWith names of departments whose items are bought together with these
 */
record Department(
        String name,
        String area,
        List<String> styles,
        List<String> materials,
        List<String> products,
        @JsonProperty("goes_with") List<String> goesWith) {

    private static final String RESOURCE = "departments.yaml";

    /** All departments, as {@code departments.yaml} lists them. */
    static List<Department> all() {
        try (InputStream yaml = Department.class.getResourceAsStream(RESOURCE)) {
            if (yaml == null) {
                throw new FileNotFoundException("no resource " + RESOURCE);
            }
            return new YAMLMapper().readValue(yaml, new TypeReference<List<Department>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException("The shop's departments can't be read", e);
        }
    }
}
