using System.Globalization;

namespace Euthymia.Pharmacometrics.Events;

/// <summary>
/// A parameter's value: a number, or arithmetic over covariates such as <c>5*(WT/70)^0.75</c>. Grammar:
/// <c>sum = product {(+|-) product}; product = power {(*|/) power}; power = atom [^ power]; atom = number | name |
/// (sum) | - power | exp(sum) | log(sum) | sqrt(sum)</c>.
/// </summary>
internal sealed class ParameterExpression
{
    private readonly Func<double[], double> _value;

    private ParameterExpression(Func<double[], double> value, IReadOnlySet<int> covariates) => (_value, Covariates) = (value, covariates);

    /// <summary>Columns that the value depends on.</summary>
    public IReadOnlySet<int> Covariates { get; }

    /// <summary>The value for covariates in the order that it was parsed with.</summary>
    public double Value(double[] covariates) => _value(covariates);

    /// <summary>Reads an expression over named covariates.</summary>
    /// <exception cref="InvalidInputException">Field <c>parameters</c>.</exception>
    public static ParameterExpression Parse(string text, IReadOnlyList<string> covariates)
    {
        var parser = new Parser(text, covariates);
        var value = parser.Sum();
        parser.End();
        return new ParameterExpression(value, parser.Used);
    }

    private sealed class Parser(string text, IReadOnlyList<string> covariates)
    {
        private const int DeepestNesting = 100;
        private int _position;
        private int _depth;

        public HashSet<int> Used { get; } = [];

        public Func<double[], double> Sum()
        {
            if (++_depth > DeepestNesting)
                throw Error("it is nested too deeply");
            var value = Product();
            while (true)
            {
                var left = value;
                if (Take('+'))
                    value = Combine(left, Product(), (a, b) => a + b);
                else if (Take('-'))
                    value = Combine(left, Product(), (a, b) => a - b);
                else
                    break;
            }

            _depth--;
            return value;
        }

        public void End()
        {
            if (Peek() != '\0')
                throw Error($"\"{text[_position..]}\" is left over");
        }

        private Func<double[], double> Product()
        {
            var value = Power();
            while (true)
            {
                var left = value;
                if (Take('*'))
                    value = Combine(left, Power(), (a, b) => a * b);
                else if (Take('/'))
                    value = Combine(left, Power(), (a, b) => a / b);
                else
                    return value;
            }
        }

        private Func<double[], double> Power()
        {
            if (++_depth > DeepestNesting)
                throw Error("it is nested too deeply");
            Func<double[], double> value;
            if (Take('-'))
            {
                var negated = Power();
                value = covariate => -negated(covariate);
            }
            else
            {
                value = Atom();
                if (Take('^'))
                    value = Combine(value, Power(), Math.Pow);
            }

            _depth--;
            return value;
        }

        private Func<double[], double> Atom()
        {
            if (Take('('))
            {
                var inner = Sum();
                return Take(')') ? inner : throw Error("a closing bracket is missing");
            }

            var start = _position;
            if (char.IsAsciiDigit(Peek()) || Peek() == '.')
                return Number(start);
            while (_position < text.Length && (char.IsAsciiLetterOrDigit(text[_position]) || text[_position] == '_'))
                _position++;
            var name = text[start.._position].Trim().ToUpperInvariant();
            if (name.Length == 0)
                throw Error("a number or a name is missing");
            if (Peek() == '(' && Function(name) is { } function)
            {
                var argument = Atom();
                return covariate => function(argument(covariate));
            }

            for (var i = 0; i < covariates.Count; i++)
            {
                if (!string.Equals(covariates[i], name, StringComparison.Ordinal))
                    continue;
                var index = i;
                Used.Add(index);
                return covariate => covariate[index];
            }

            throw Error($"\"{name}\" is no column of the event file");
        }

        private Func<double[], double> Number(int start)
        {
            while (_position < text.Length && (char.IsAsciiDigit(text[_position]) || text[_position] == '.' || IsExponent(_position)))
                _position++;
            return double.TryParse(text.AsSpan(start, _position - start), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? _ => number
                : throw Error($"\"{text[start.._position]}\" is no number");
        }

        private bool IsExponent(int position)
            => text[position] is 'e' or 'E'
                || (text[position] is '+' or '-' && text[position - 1] is 'e' or 'E');

        private static Func<double, double>? Function(string name) => name switch
        {
            "EXP" => Math.Exp,
            "LOG" => Math.Log,
            "SQRT" => Math.Sqrt,
            _ => null,
        };

        private static Func<double[], double> Combine(Func<double[], double> left, Func<double[], double> right, Func<double, double, double> operation)
            => covariate => operation(left(covariate), right(covariate));

        private char Peek()
        {
            while (_position < text.Length && text[_position] == ' ')
                _position++;
            return _position < text.Length ? text[_position] : '\0';
        }

        private bool Take(char character)
        {
            if (Peek() != character)
                return false;
            _position++;
            return true;
        }

        private InvalidInputException Error(string problem)
            => new("parameter-not-understood", "parameters", $"\"{text}\": {problem}. Write a number, or arithmetic over covariates such as 5*(WT/70)^0.75.");
    }
}
