using ML.Pipelines.Text;

namespace ML.Pipelines.Tests.Text;

[TestClass]
public sealed class WrittenLanguageTests
{
    private const string English = "We have to find the area of the garden. It is 3 by 4, so the area is 12 and that is what was asked for.";

    [TestMethod]
    [DataRow("Wir suchen die Fläche des Gartens. Sie ist 3 mal 4, also ist die Fläche 12, und das ist die Antwort.")]
    [DataRow("On cherche l'aire du jardin. Elle est de 3 par 4, donc l'aire est 12 et c'est la réponse pour cette question.")]
    [DataRow("Buscamos el área del jardín. Es de 3 por 4, entonces el área es 12 y esa es la respuesta que se pide.")]
    [DataRow("Procuramos a área do jardim. Como são 3 por 4, então a área é 12 e não mais, que é a resposta para o problema.")]
    [DataRow("Cerchiamo l'area del giardino. È di 3 per 4, quindi l'area è 12, e questa è la risposta che si chiede per il problema.")]
    [DataRow("We zoeken de oppervlakte van het tuin. Het is 3 bij 4, dus de oppervlakte is 12 en dat is het antwoord op de vraag.")]
    [DataRow("Szukamy pola ogrodu. To jest 3 na 4, więc pole jest równe 12 i to jest odpowiedź na pytanie, które się pojawia w zadaniu.")]
    [DataRow("Vi söker arean av trädgården. Den är 3 gånger 4, så arean är 12 och det är svaret som vi har till uppgiften.")]
    [DataRow("Kita mencari luas taman itu. Ini adalah 3 kali 4, jadi luas taman adalah 12 dan itu jawaban untuk soal ini.")]
    [DataRow("Ta tìm diện tích của khu vườn. Số đó là 3 nhân 4, vậy diện tích là 12 và đó là đáp số của bài này.")]
    [DataRow("Bahçenin alanı için 3 ile 4 çarpılır ve bu bir alan olarak 12 olur; bu da ne istendiyse o olan sonuç için yeter.")]
    [DataRow("Площадь сада равна трём, умноженным на четыре, то есть двенадцати.")]
    [DataRow("花园的面积是三乘以四，所以面积等于十二，这就是题目所要求的答案，也就是最后的结果。")]
    public void Another_language_than_English_is_told(string other)
    {
        Assert.IsTrue(WrittenLanguage.Differ(English, other));
        Assert.IsTrue(WrittenLanguage.Differ(other, English));
        Assert.IsFalse(WrittenLanguage.Differ(other, other));
    }

    [TestMethod]
    [DataRow("78 - 9 = 69. 69 + 14 = 83. So 83.")]
    [DataRow(@"$\frac{a}{b} + \sqrt{c} \Rightarrow \text{max} \in \mathbb{R}, \quad \alpha \beta \gamma \delta \epsilon \zeta \eta$")]
    [DataRow("Let x = 2, y = 3, z = 4. Then x + y = 5, y + z = 7.")]
    [DataRow("Sum: 42 apples, remaining 30 apples, total 72 apples.")]
    [DataRow("")]
    public void A_text_of_formulas_or_of_few_words_has_no_language(string text)
    {
        Assert.IsFalse(WrittenLanguage.Differ(text, English));
        Assert.IsFalse(WrittenLanguage.Differ(text, "Wir suchen die Fläche des Gartens. Sie ist 3 mal 4, also ist die Fläche 12, und das ist die Antwort."));
    }
}
