package io.freshet.source.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultyFieldTest {

    private static final ObjectReader READER =
            new JsonMapper(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .reader();

    private final FaultyField faulty = new FaultyField(READER, Set.of("a", "b"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                         | value",
                "[{\"a\":                   | value",
                "{                          | value",
                "{\"a                       | value",
                "{\"a\"                     | a",
                "{\"a\":                    | a",
                "{\"a\":tru                 | a",
                "{\"a\":\"x                 | a",
                "{\"a\":\"x\\               | a",
                "{\"a\":\"x\"               | value",
                "{\"a\":\"x\",              | value",
                "{\"a\":\"x\",\"b           | value",
                "{\"a\":\"x\",\"b\":\"      | b",
                "{\"a\":[1,{\"b\":[2        | a",
                "{\"a\":[1,{\"b\":[2]}]     | value",
                "{\"c\":{\"a\":\"           | value",
                "{\"a\\u001b\":\"           | value",
                "{\"\":{\"a\":\"            | value",
                "{\"a\":1}                  | value",
                "{\"a\":1}{\"b\":           | value",
            })
    void namesTheFieldThatIsOpenWhereARecordEnds(String beginning, String field) {
        assertThat(faulty.openAfter(beginning)).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1,\"a\":2}                    | 10 | a",
                "{\"b\":1,\"a\":{\"c\":1,\"c\":2}}    | 21 | a",
                "{\"b\":1,\"c\":{\"a\":1,\"a\":2}}    | 21 | value",
            })
    void namesTheFieldInWhichANameComesTwice(String json, long fault, String field) {
        assertThat(faulty.openAt(json, fault)).isEqualTo(field);
    }
}
