package io.freshet.source.decode;

import io.freshet.config.AttributesConfig.Type;
import io.freshet.config.IngestConfig;
import io.freshet.event.query.ItemFilter;
import io.freshet.event.query.Query;
import io.freshet.event.query.Query.Kind;
import io.freshet.source.field.BadRecordException;
import io.freshet.source.field.FoundText;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/** Records of the requests topic ({@code requests.schema.json}). */
public final class RequestDecoder implements RecordDecoder<Decoded.OfQuery> {

    static final Set<String> FIELDS =
            Set.of(
                    "request_id",
                    "kind",
                    "user_id",
                    "item_id",
                    "items",
                    "size",
                    "only_items",
                    "exclude_items",
                    "only_categories",
                    "exclude_categories",
                    "ranges",
                    "explain",
                    "timeout_ms");

    private static final int MOST_ITEMS = 1000;
    private static final int MOST_CATEGORIES = 100;

    private final SortedMap<String, Type> attributes;
    private final int mostRequested;
    private final RecordParser parser;

    /**
     * @param limits of sizes and lengths, with the items' attributes that are declared
     * @param mostRequested most items that may be asked for
     */
    public RequestDecoder(IngestConfig limits, int mostRequested) {
        this.attributes = limits.attributes().items();
        this.mostRequested = mostRequested;
        this.parser = new RecordParser(limits, FIELDS, Set.of());
    }

    @Override
    public Decoded.OfQuery decode(RawRecord source) {
        try {
            return new Decoded.OfQuery(query(source, parser.parse(source)), null);
        } catch (BadRecordException e) {
            return new Decoded.OfQuery(null, parser.deadLetter(source, e));
        }
    }

    private Query query(RawRecord source, JsonFields fields) throws BadRecordException {
        String requestId = fields.id("request_id");
        Kind kind = kind(fields.id("kind"));
        return new Query(
                requestId,
                kind,
                kind == Kind.PERSONAL ? fields.id("user_id") : fields.id("user_id", ""),
                items(kind, fields),
                fields.optionalWholeNumber("size", 1, mostRequested),
                new ItemFilter(
                        fields.ids("only_items", MOST_ITEMS),
                        fields.ids("exclude_items", MOST_ITEMS),
                        fields.ids("only_categories", MOST_CATEGORIES),
                        fields.ids("exclude_categories", MOST_CATEGORIES),
                        fields.ranges("ranges", attributes)),
                fields.flag("explain", false),
                fields.optionalWholeNumber("timeout_ms", 1, Integer.MAX_VALUE),
                source.partition(),
                source.offset(),
                source.timestamp());
    }

    private static List<String> items(Kind kind, JsonFields fields) throws BadRecordException {
        return switch (kind) {
            case PERSONAL, POPULAR -> List.of();
            case SIMILAR_ITEMS -> List.of(fields.id("item_id"));
            case NEXT_IN_SESSION -> {
                List<String> items = fields.ids("items");
                if (items.isEmpty()) {
                    throw new BadRecordException("items", "no item", "at least one item");
                }
                yield items;
            }
        };
    }

    private static Kind kind(String name) throws BadRecordException {
        return switch (name) {
            case "personal" -> Kind.PERSONAL;
            case "similar-items" -> Kind.SIMILAR_ITEMS;
            case "popular" -> Kind.POPULAR;
            case "next-in-session" -> Kind.NEXT_IN_SESSION;
            default ->
                    throw new BadRecordException(
                            "kind",
                            FoundText.quoted(name),
                            "personal, similar-items, popular or next-in-session");
        };
    }
}
