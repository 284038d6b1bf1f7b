// Go's text/template for dialect_engines.py: a case a line in, an answer a line out.
package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"text/template"
)

type testCase struct {
	Template string      `json:"template"`
	Data     interface{} `json:"data"`
}

// plain gives whole numbers Go's type of whole numbers, as a service has them.
func plain(value interface{}) interface{} {
	switch value := value.(type) {
	case json.Number:
		if whole, err := value.Int64(); err == nil {
			return int(whole)
		}
		number, _ := value.Float64()
		return number
	case []interface{}:
		for i := range value {
			value[i] = plain(value[i])
		}
	case map[string]interface{}:
		for key := range value {
			value[key] = plain(value[key])
		}
	}
	return value
}

func render(line []byte) (string, error) {
	var c testCase
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	if err := decoder.Decode(&c); err != nil {
		return "", err
	}
	parsed, err := template.New("mail").Parse(c.Template)
	if err != nil {
		return "", err
	}
	var output bytes.Buffer
	err = parsed.Execute(&output, plain(c.Data))
	return output.String(), err
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<26)
	for lines.Scan() {
		if text, err := render(lines.Bytes()); err != nil {
			fmt.Println("!" + hex.EncodeToString([]byte(err.Error())))
		} else {
			fmt.Println("=" + hex.EncodeToString([]byte(text)))
		}
	}
}
