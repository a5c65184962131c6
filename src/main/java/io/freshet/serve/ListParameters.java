package io.freshet.serve;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.freshet.config.AttributesConfig.Type;
import io.freshet.config.IngestConfig;
import io.freshet.event.query.Query;
import io.freshet.serve.ProblemResponse.Kind;
import io.freshet.source.field.BadRecordException;
import io.freshet.source.field.FieldRules;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Query parameters to a record of the requests topic ({@code requests.schema.json}), strictly: a
 * parameter that the path doesn't have is refused, and so is a value that the job would refuse.
 */
final class ListParameters {

    /** What every list may be asked for with, beside {@code min.} and {@code max.} attributes. */
    static final Set<String> OF_ALL =
            Set.of(
                    "size",
                    "only_item",
                    "exclude_item",
                    "only_category",
                    "exclude_category",
                    "explain");

    static final String USER = "user";
    static final String ITEM = "item";
    static final String NEWEST = "newest";
    static final String MIN = "min.";
    static final String MAX = "max.";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_ITEMS = 1000;
    private static final int MOST_CATEGORIES = 100;
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");
    private static final Pattern NUMBER =
            Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]{1,3})?");
    private static final Pattern MILLIS = Pattern.compile("-?[0-9]{5,18}");
    private static final String ONE_VALUE = "one value";

    private final FieldRules rules;
    private final SortedMap<String, Type> attributes;
    private final int longest;

    /**
     * @param limits of ids, with the attributes that are declared
     * @param longest most items of a list
     */
    ListParameters(IngestConfig limits, int longest) {
        this.rules = new FieldRules(limits);
        this.attributes = limits.attributes().items();
        this.longest = longest;
    }

    /**
     * A user's list.
     *
     * @throws ProblemResponse if a parameter is wrong, as do the methods below
     */
    ListRequest personal(String user, Map<String, List<String>> query) {
        requireKnown(query, NEWEST);
        ObjectNode fields = filters(query);
        boolean newest = flag(NEWEST, query);
        if (newest && !fields.isEmpty()) {
            throw bad(
                    NEWEST,
                    "found true beside %s, expected no other parameter: the newest list is handed on as it was written"
                            .formatted(without(query, NEWEST)));
        }
        return new ListRequest(Query.Kind.PERSONAL, id("user_id", user), newest, fields);
    }

    /** What goes with an item. */
    ListRequest similar(String item, Map<String, List<String>> query) {
        requireKnown(query, USER);
        ObjectNode fields = JSON.createObjectNode().put("item_id", id("item_id", item));
        fields.setAll(filters(query));
        return new ListRequest(Query.Kind.SIMILAR_ITEMS, user(query), false, fields);
    }

    /** What a user gets of whom nothing is known. */
    ListRequest popular(Map<String, List<String>> query) {
        requireKnown(query, USER);
        return new ListRequest(Query.Kind.POPULAR, user(query), false, filters(query));
    }

    /** What follows some items. */
    ListRequest nextInSession(Map<String, List<String>> query) {
        requireKnown(query, USER, ITEM);
        ObjectNode fields = JSON.createObjectNode();
        ids("items", ITEM, Integer.MAX_VALUE, query, fields);
        if (fields.isEmpty()) {
            throw bad(ITEM, "found nothing, expected the session's items, oldest first: item=…");
        }
        fields.setAll(filters(query));
        return new ListRequest(Query.Kind.NEXT_IN_SESSION, user(query), false, fields);
    }

    private ObjectNode filters(Map<String, List<String>> query) {
        ObjectNode fields = JSON.createObjectNode();
        if (query.containsKey("size")) {
            fields.put("size", size(one("size", query)));
        }
        ids("only_items", "only_item", MOST_ITEMS, query, fields);
        ids("exclude_items", "exclude_item", MOST_ITEMS, query, fields);
        ids("only_categories", "only_category", MOST_CATEGORIES, query, fields);
        ids("exclude_categories", "exclude_category", MOST_CATEGORIES, query, fields);
        ObjectNode ranges = ranges(query);
        if (!ranges.isEmpty()) {
            fields.set("ranges", ranges);
        }
        if (query.containsKey("explain")) {
            fields.put("explain", flag("explain", query));
        }
        return fields;
    }

    private int size(String text) {
        int size = WHOLE.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (size < 1 || size > longest) {
            throw bad("size", "found '%s', expected 1 to %d".formatted(text, longest));
        }
        return size;
    }

    private ObjectNode ranges(Map<String, List<String>> query) {
        ObjectNode ranges = JSON.createObjectNode();
        for (String name : new TreeSet<>(query.keySet())) {
            if (isBound(name)) {
                String attribute = name.substring(MIN.length());
                addBound(
                        ranges.withObjectProperty(attribute),
                        name,
                        type(name, attribute),
                        one(name, query));
            }
        }
        return ranges;
    }

    private Type type(String parameter, String attribute) {
        Type type = attributes.get(attribute);
        if (type == Type.NUMBER || type == Type.DATE) {
            return type;
        }
        Set<String> ordered = new TreeSet<>(attributes.keySet());
        ordered.removeIf(
                name -> attributes.get(name) != Type.NUMBER && attributes.get(name) != Type.DATE);
        throw bad(
                parameter,
                "found attribute '%s', expected a number or a date of attributes.items, of which there are %s"
                        .formatted(attribute, ordered));
    }

    private void addBound(ObjectNode range, String parameter, Type type, String text) {
        String bound = parameter.substring(0, MIN.length() - 1);
        try {
            if (text.isBlank() || rules.attributes(parameter, type, text).isEmpty()) {
                throw bad(parameter, "found nothing, expected a bound");
            }
        } catch (BadRecordException e) {
            throw bad(parameter, e.reason());
        }
        if (type == Type.NUMBER) {
            if (!NUMBER.matcher(text).matches()) {
                throw bad(parameter, "found '%s', expected a decimal number".formatted(text));
            }
            range.put(bound, new BigDecimal(text));
        } else if (MILLIS.matcher(text).matches()) {
            range.put(bound, Long.parseLong(text));
        } else {
            range.put(bound, text);
        }
    }

    private void ids(
            String field,
            String parameter,
            int most,
            Map<String, List<String>> query,
            ObjectNode fields) {
        List<String> found = query.getOrDefault(parameter, List.of());
        if (found.size() > most) {
            throw bad(parameter, "found %d, expected at most %d".formatted(found.size(), most));
        }
        if (found.isEmpty()) {
            return;
        }
        ArrayNode ids = fields.putArray(field);
        found.forEach(id -> ids.add(id(parameter, id)));
        if (field.equals("items")) {
            requireTogether(parameter, found);
        }
    }

    private void requireTogether(String parameter, List<String> found) {
        try {
            var unused = rules.together(parameter, found);
        } catch (BadRecordException e) {
            throw bad(parameter, e.reason());
        }
    }

    private @Nullable String user(Map<String, List<String>> query) {
        return query.containsKey(USER) ? id(USER, one(USER, query)) : null;
    }

    private String id(String parameter, String id) {
        try {
            return rules.id(parameter, id);
        } catch (BadRecordException e) {
            throw bad(parameter, e.reason());
        }
    }

    private static boolean flag(String parameter, Map<String, List<String>> query) {
        if (!query.containsKey(parameter)) {
            return false;
        }
        String text = one(parameter, query);
        if (!text.equals("true") && !text.equals("false")) {
            throw bad(parameter, "found '%s', expected true or false".formatted(text));
        }
        return text.equals("true");
    }

    private static String one(String parameter, Map<String, List<String>> query) {
        List<String> found = query.getOrDefault(parameter, List.of());
        if (found.size() != 1) {
            throw bad(parameter, "found %d values, expected %s".formatted(found.size(), ONE_VALUE));
        }
        return found.get(0);
    }

    private static void requireKnown(Map<String, List<String>> query, String... further) {
        Set<String> known = new TreeSet<>(OF_ALL);
        known.addAll(List.of(further));
        for (String name : query.keySet()) {
            if (!known.contains(name) && !isBound(name)) {
                throw bad(
                        name,
                        "found a parameter that this path doesn't have, expected one of %s, %s<attribute> and %s<attribute>"
                                .formatted(String.join(", ", known), MIN, MAX));
            }
        }
    }

    private static boolean isBound(String name) {
        return name.startsWith(MIN) || name.startsWith(MAX);
    }

    private static List<String> without(Map<String, List<String>> query, String name) {
        List<String> others = new ArrayList<>(query.keySet());
        others.remove(name);
        return others;
    }

    private static ProblemResponse bad(String parameter, String reason) {
        return new ProblemResponse(Kind.BAD_PARAMETER, parameter, parameter + ": " + reason);
    }
}
