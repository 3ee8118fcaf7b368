// SPDX-License-Identifier: MIT
import com.amazon.ion.IonSystem;
import com.amazon.ion.system.IonSystemBuilder;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import java.util.stream.StreamSupport;
import org.partiql.lang.CompilerPipeline;
import org.partiql.lang.SqlException;
import org.partiql.lang.eval.EvaluationSession;
import org.partiql.lang.eval.ExprValue;
import org.partiql.lang.eval.ExprValueExtensionsKt;
import org.partiql.lang.eval.ExprValueType;

/**
 * Asks the reference implementation of PartiQL what statements mean.
 *
 * <p>Reads one statement per line and prints, per line, its value as Ion text (a bag as {@code bag::[…]}, MISSING as {@code
 * missing::null}), or {@code error}.
 */
public final class Evaluate {
    private static final IonSystem ION = IonSystemBuilder.standard().build();

    public static void main(String[] args) throws Exception {
        CompilerPipeline pipeline = CompilerPipeline.standard(ION);
        PrintStream output = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String statement = input.readLine(); statement != null; statement = input.readLine()) {
            output.println(evaluate(pipeline, statement));
        }
        output.flush();
    }

    private static String evaluate(CompilerPipeline pipeline, String statement) {
        try {
            return toText(pipeline.compile(statement).eval(EvaluationSession.standard()));
        } catch (SqlException refused) {
            return "error";
        } catch (RuntimeException | StackOverflowError defect) {
            // The reference has defects of its own, which are no guide.
            return "defect::" + ION.newString(defect.getClass().getSimpleName());
        }
    }

    private static String toText(ExprValue value) {
        ExprValueType type = value.getType();
        if (type == ExprValueType.MISSING) return "missing::null";
        if (type == ExprValueType.BAG) return "bag::" + elements(value, "[", ",", "]");
        if (type == ExprValueType.LIST) return elements(value, "[", ",", "]");
        if (type == ExprValueType.SEXP) return elements(value, "(", " ", ")");
        if (type == ExprValueType.STRUCT) return fields(value);
        return value.getIonValue().toString();
    }

    private static String elements(ExprValue value, String open, String separator, String close) {
        StringJoiner joined = new StringJoiner(separator, open, close);
        StreamSupport.stream(value.spliterator(), false).map(Evaluate::toText).forEach(joined::add);
        return joined.toString();
    }

    private static String fields(ExprValue value) {
        StringJoiner joined = new StringJoiner(",", "{", "}");
        for (ExprValue field : value) {
            String name = ExprValueExtensionsKt.getName(field).getScalar().stringValue();
            joined.add(ION.newString(name) + ":" + toText(field));
        }
        return joined.toString();
    }
}
